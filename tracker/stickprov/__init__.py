"""Stickprov of kontrollmoment: locked, drawn, checked item by item, proposed and accepted."""
