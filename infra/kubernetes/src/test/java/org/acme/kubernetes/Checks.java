package org.acme.kubernetes;

import java.util.List;
import java.util.function.BiConsumer;

/** All that is checked of an overlay. */
final class Checks {

    private static final List<BiConsumer<Manifests, Faults>> ALL = List.of(
            Types::check,
            Choices::check,
            Pods::check,
            Settings::check,
            References::check,
            Networks::check,
            Fleet::check);

    private Checks() {}

    static List<String> faults(Manifests manifests) {
        Faults faults = new Faults();
        ALL.forEach(check -> check.accept(manifests, faults));
        return faults.found();
    }
}
