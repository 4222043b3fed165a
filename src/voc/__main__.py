"""`python -m voc`, the same as `voc`."""

from voc.cli.main import main

main()
