"""Åtgärder: what somebody is to do about a risk, a kontrollmoment, a decision or a case, and what came of it."""
