"""Groups: segments, regions, plans, touchpoints and the company, judged against random groups."""
