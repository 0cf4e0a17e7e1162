package io.orrery.cli.demo;

/** A question and its one right answer. */
record Question(String text, String answer) {}
