"""Great Expectations: the gate at each door, its suites, and the pages about both."""
