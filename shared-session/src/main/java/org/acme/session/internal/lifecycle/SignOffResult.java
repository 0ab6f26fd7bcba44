package org.acme.session.internal.lifecycle;

import java.time.Duration;
import org.acme.session.SignOffOutcome;

/**
 * What a sign-off came to, and what it took.
 *
 * @param instances those that might have trusted their memory of the session; 0 when it was over already
 * @param confirmed how many of them confirmed that they have forgotten it; the leases of the others were waited for
 */
public record SignOffResult(SignOffOutcome outcome, int instances, int confirmed, Duration took) {}
