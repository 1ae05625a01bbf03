"""The internal control plan: its kontrollmoment, their stickprov, and what came of them."""
