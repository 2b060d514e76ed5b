"""Tests of the tests: does a lesson keep every right answer, and catch every wrong one?"""
