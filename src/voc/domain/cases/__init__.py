"""Cases: what one is, what a night and people do to it, who answers for it, and its words."""
