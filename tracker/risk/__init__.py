"""The risk register: what may happen, how likely and how bad, within the scale of the year's plan."""
