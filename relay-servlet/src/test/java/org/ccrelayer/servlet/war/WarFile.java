package org.ccrelayer.servlet.war;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;

/** The WAR that this build made. */
final class WarFile {
    private static final String LIBRARIES = "WEB-INF/lib/";

    private WarFile() {}

    static Path path() {
        return Path.of(System.getProperty("test.war"));
    }

    /** The names of everything in it, directories left out. */
    static List<String> entries() throws IOException {
        try (JarFile war = new JarFile(path().toFile())) {
            return war.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(entry -> entry.getName())
                    .toList();
        }
    }

    /** Its libraries without their versions. */
    static List<String> libraries() throws IOException {
        return entries().stream()
                .filter(name -> name.startsWith(LIBRARIES))
                .map(name -> name.substring(LIBRARIES.length()).replaceFirst("-\\d[^/]*\\.jar$", ""))
                .toList();
    }
}
