"""How benchmarks measure: nights judged once and kept, labelled sets, tables printed as ratios."""
