package org.ccrelayer.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.jar.JarFile;
import org.ccrelayer.Relay;
import org.junit.jupiter.api.Test;

/** The jars as a host puts them on its module path. */
class ModuleNamesIT {
    @Test
    void each_jar_names_its_module() throws Exception {
        assertThat(moduleName(Relay.class)).isEqualTo("org.ccrelayer.relay");
        assertThat(moduleName(RelayServlet.class)).isEqualTo("org.ccrelayer.relay.servlet");
    }

    private static String moduleName(Class<?> of) throws Exception {
        File place =
                new File(of.getProtectionDomain().getCodeSource().getLocation().toURI());
        assertThat(place).as("a jar, as it is when the package was built").isFile();
        try (JarFile jar = new JarFile(place)) {
            return jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name");
        }
    }
}
