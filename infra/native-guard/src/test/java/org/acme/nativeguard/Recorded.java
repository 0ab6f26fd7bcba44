package org.acme.nativeguard;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.objectweb.asm.tree.analysis.AnalyzerException;

/** Runs a class, and the others of some packages, as with the agent. */
final class Recorded extends ClassLoader {

    private final Collection<String> packages;

    private Recorded(Collection<String> packages) {
        super(Recorded.class.getClassLoader());
        this.packages = packages;
    }

    static List<Sight> of(Class<? extends Runnable> program, Path file, String... packages)
            throws IOException, ReflectiveOperationException {
        Reached.writeTo(file);
        Class<?> told = new Recorded(List.of(packages)).loadClass(program.getName());
        ((Runnable) told.getDeclaredConstructor().newInstance()).run();
        return Files.readAllLines(file).stream().map(Sight::parse).toList();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (packages.stream().noneMatch(name::startsWith)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = file.readAllBytes();
            byte[] told = CallSites.told(bytes);
            byte[] defined = told == null ? bytes : told;
            return defineClass(name, defined, 0, defined.length);
        } catch (IOException | AnalyzerException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
