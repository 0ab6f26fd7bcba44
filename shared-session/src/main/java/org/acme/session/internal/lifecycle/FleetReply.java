package org.acme.session.internal.lifecycle;

/**
 * How the fleet forgot a session.
 *
 * @param instances those that might have trusted their memory of it, the one that ended it included
 * @param confirmed how many of them said that they have forgotten it; the leases of the others have run out
 */
record FleetReply(int instances, int confirmed) {

    boolean leaseWaitedFor() {
        return confirmed < instances;
    }
}
