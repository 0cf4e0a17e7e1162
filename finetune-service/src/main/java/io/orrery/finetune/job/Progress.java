package io.orrery.finetune.job;

import java.time.Duration;
import java.util.Optional;

/**
 * How far a run is.
 *
 * @param step optimiser steps done, over all attempts
 * @param trainedTokens tokens that counted in the loss, over all attempts
 * @param remaining until training ends, where the speed is known
 */
public record Progress(int step, int totalSteps, long trainedTokens, Optional<Duration> remaining) {}
