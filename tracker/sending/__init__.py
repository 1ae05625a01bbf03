"""Sending to IVO: one individrapport for every clock in the locked report, step by step as the e-service asks."""
