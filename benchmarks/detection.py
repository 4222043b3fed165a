"""What the detector finds in made-up companies, how much of what it surfaces is false, and what others would find.

    python benchmarks/detection.py --keep nights       20 seeds of each world, peers, variants, groups and the oracle
    python benchmarks/detection.py --keep nights --print                       tables of what has been kept so far
    python benchmarks/detection.py --seeds 3 --worlds linear events --variants --group-seeds 0 --oracle-seeds 0
    python benchmarks/detection.py --speed 5000 20000 50000 100000

5,000 customers over 104 weeks at 0.4 items a customer and week, very unequally spread; 4 % planted at fixed sizes,
12 % decoys (see `worlds`). Learned two weeks before the end. Prints markdown. Peers need `pip install pyod ruptures`.
A run that was broken off goes on where it was with the same `--keep`; nights that other code judged are judged again.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from harness import beside, promises, sections, speed
from harness.keeping import CODE, all_kept, code, keep, kept
from harness.measuring import Job, Night, judge, together
from worlds import WORLDS

PLAIN = Job.variant
GROUPS = {
    "sixty of a region by 0.7": {"together": 60},
    "sixty of a region by 1.0": {"together": 60, "weakly": 1.0},
}
VARIANTS = {
    "no contradiction": {"share": 0.0},
    "nothing at all": {"share": 0.0, "decoys": 0.0},
    "half uninformative": {"uninformative": 0.5},
    "anger x 3": {"anger": 3.0},
    "0.15 items": {"rate": 0.15},
    "1 item": {"rate": 1.0},
}
EMPTY = ("no contradiction", "nothing at all")
"""Variants in which every surfaced customer is false: as many seeds as the worlds themselves have."""
ORACLES, WITH_ORACLE = ("oracle", "ears"), ("linear", "unrelated")


def main() -> None:
    """Prints the tables."""
    args = _arguments()
    if args.speed:
        print(speed.table(args.speed))
    elif args.print:
        nights, other = all_kept(args.keep)
        if other:
            print(f"{other} of {len(nights)} files were written by other code than this.\n")
        _print(together(nights))
    else:
        _print(together(_run(_jobs(args), args.processes, args.keep)))


def _jobs(args: argparse.Namespace) -> list[Job]:
    """In order of importance, all worlds of a seed together, so that a run that is broken off is worth printing."""
    seeds = range(args.first_seed, args.first_seed + args.seeds)
    rounds = [("ours", PLAIN, {}, seeds)]
    rounds += [("peers", PLAIN, {}, seeds)] if args.peers else []
    rounds += [("ours", variant, settings, seeds[: args.group_seeds]) for variant, settings in GROUPS.items()]
    for variant in args.variants:
        rounds.append(("ours", variant, VARIANTS[variant], seeds if variant in EMPTY else seeds[: args.variant_seeds]))
    rounds += [(who, PLAIN, {}, seeds[: args.oracle_seeds]) for who in ORACLES]
    return [
        Job(who, world, seed, args.customers, variant, tuple(settings.items()))
        for who, variant, settings, of in rounds
        for seed in of
        for world in args.worlds
        if who not in ORACLES or world in WITH_ORACLE
    ]


def _run(jobs: list[Job], processes: int, folder: Path | None) -> list[Night]:
    """All nights; says on stderr how far it is."""
    fingerprints = {who: code(who) for who in CODE}
    done = []
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        done = [night for job in jobs if (night := kept(folder, job, fingerprints[job.who]))]
    ready = {night.job for night in done}
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(_judge, job, folder, fingerprints[job.who]) for job in jobs if job not in ready]
        try:
            for future in as_completed(waiting):
                done.append(future.result())
                print(f"\r{len(done)}/{len(jobs)} nights", end="", file=sys.stderr, flush=True)
        except BaseException:
            pool.shutdown(cancel_futures=True)  # else all that wait would be judged before anybody hears of it
            raise
    print(file=sys.stderr)
    order = {job: i for i, job in enumerate(jobs)}
    return sorted(done, key=lambda night: order[night.job])


def _judge(job: Job, folder: Path | None, fingerprint: str) -> Night:
    night = judge(job)
    if folder:
        keep(folder, night, fingerprint)
    return night


def _print(nights: list[Night]) -> None:
    of = {variant: [n for n in nights if n.job.variant == variant] for variant in (PLAIN, *GROUPS, *VARIANTS)}
    few = [night for variant in VARIANTS if variant not in EMPTY for night in of[variant]]
    for title, section, some in (
        ("Worlds", sections.worlds, of[PLAIN]),
        ("Found, of the answerable", sections.found, of[PLAIN]),
        ("Stated and realized shares of false ones", promises.reliability, of[PLAIN]),
        ("Starts", promises.starts, of[PLAIN]),
        ("Methods", beside.methods, of[PLAIN]),
        ("Beside others", beside.ratios, of[PLAIN]),
        ("Watermelons beside the oracle at the same false share", beside.watermelons, of[PLAIN]),
        ("Explained by a rival and so not surfaced", sections.explained, of[PLAIN]),
        ("False customers by what they are", sections.decoys, of[PLAIN]),
        ("Companies without contradictions", sections.empty, [night for variant in EMPTY for night in of[variant]]),
        ("Variants", sections.variants, few),
        *((title.capitalize(), sections.groups, of[title]) for title in GROUPS),
    ):
        if some:
            seeds = sorted({night.job.seed for night in some})
            customers = ", ".join(f"{n:,}" for n in sorted({night.job.customers for night in some}))
            of_whom = f"Seeds {seeds[0]} to {seeds[-1]}, {customers} customers a company; 95 % intervals in brackets."
            print(f"## {title}\n\n{of_whom}\n\n{section(some)}\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20, help="companies a world")
    parser.add_argument("--first-seed", type=int, default=7000)
    parser.add_argument("--customers", type=int, default=5000)
    parser.add_argument("--worlds", nargs="+", choices=WORLDS, default=list(WORLDS))
    parser.add_argument("--variants", nargs="*", choices=VARIANTS, default=list(VARIANTS))
    parser.add_argument("--variant-seeds", type=int, default=4, help="seeds of the variants that have contradictions")
    parser.add_argument("--group-seeds", type=int, default=10, help="seeds with a region's weak fall")
    parser.add_argument(
        "--oracle-seeds", type=int, default=20, help="seeds that the oracles are asked about, a minute each"
    )
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where each night is kept as soon as it is judged")
    parser.add_argument("--print", action="store_true", help="only the tables of what --keep holds")
    parser.add_argument("--speed", nargs="+", type=int, metavar="CUSTOMERS", help="only seconds and memory, by size")
    args = parser.parse_args()
    if args.print and not args.keep:
        parser.error("--print needs --keep FOLDER")
    return args


if __name__ == "__main__":
    main()
