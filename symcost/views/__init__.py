"""Answers as documents: formulas in a notation, reports, explanations; each as text, as a table and as JSON."""
