"""The nightly report: its data, its page, its folder and its drawings."""
