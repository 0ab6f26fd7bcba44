package org.acme.e2e.stack;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A fault that the Express member gets, to see whether the conformance kit notices ({@code infra/conformance/faults.json}).
 *
 * @param section of the session contract
 * @param fault in words
 * @param check the kit's check that has to notice; null for what nobody outside can see
 * @param during the check to run, for what the kit looks at after all checks; null for the check itself
 * @param between whether the check needs {@code infra/conform --between}
 * @param why nobody can see it; null for what a check notices
 * @param file of {@code examples/express}
 * @param right what stands there, once
 * @param wrong what stands there instead
 */
public record PlantedFault(
        int section,
        String fault,
        String check,
        String during,
        boolean between,
        String why,
        String file,
        String right,
        String wrong) {

    public static List<PlantedFault> all() {
        try {
            return List.of(new ObjectMapper()
                    .readValue(Path.of("../conformance/faults.json").toFile(), PlantedFault[].class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String toRun() {
        return during == null ? check : during;
    }

    public boolean isFound() {
        return check != null;
    }

    @Override
    public String toString() {
        return check + ": " + fault;
    }
}
