"""Arithmetic of money: pure functions of numbers."""
