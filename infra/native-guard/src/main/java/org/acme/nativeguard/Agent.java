package org.acme.nativeguard;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;

/** {@code -javaagent:native-guard.jar=FOLDER}: writes what the application reaches to a file of its process in FOLDER. */
public final class Agent {

    private Agent() {}

    public static void premain(String folder, Instrumentation jvm) throws IOException {
        Path application =
                Path.of(System.getProperty("java.class.path").split(":")[0]).toAbsolutePath();
        Path file = Path.of(folder)
                .resolve(application.getParent().getFileName() + "-"
                        + ProcessHandle.current().pid() + ".tsv");
        Reached.writeTo(file);
        jvm.addTransformer(new CallSites());
    }
}
