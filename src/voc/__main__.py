"""`python -m voc`, the same as `voc`."""

from voc.cli import main

main()
