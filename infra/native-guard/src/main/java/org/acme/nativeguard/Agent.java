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
                .resolve(service(application) + "-" + ProcessHandle.current().pid() + ".tsv");
        Reached.writeTo(file);
        jvm.addTransformer(new CallSites());
    }

    /** In a stack, {@code users/quarkus-run.jar}; after the build, {@code users-service/target/quarkus-app/quarkus-run.jar}. */
    static String service(Path application) {
        Path folder = application.getParent();
        return folder.endsWith("target/quarkus-app")
                ? folder.getParent().getParent().getFileName().toString().replaceFirst("-service$", "")
                : folder.getFileName().toString();
    }
}
