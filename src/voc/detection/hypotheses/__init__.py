"""Hypotheses: what may have happened to a customer, their priors, and the posterior of each."""
