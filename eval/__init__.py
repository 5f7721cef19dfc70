"""Answers become numbers: gold questions, metrics, a runner and its report."""
