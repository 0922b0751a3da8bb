"""Run a study: steps in order, targets, results, run folders."""
