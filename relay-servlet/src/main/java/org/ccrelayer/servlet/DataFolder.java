package org.ccrelayer.servlet;

import jakarta.servlet.ServletContext;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.RelayConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a relay inside a host may keep its data: somewhere that outlives a redeployment. Stateless. */
final class DataFolder {
    private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);

    private DataFolder() {}

    /** What is wrong with a relay's folder, if anything is. */
    static Optional<String> problem(RelayConfig config, ServletContext context, Surroundings surroundings) {
        Optional<Path> folder = config.path(ConfigKey.DATA_DIR);
        if (folder.isEmpty()) {
            return Optional.of(ConfigKey.DATA_DIR.label()
                    + ": is required; set it to a folder that outlives the webapp, such as /var/lib/relay");
        }
        return temporary(context, surroundings)
                .filter(parent -> real(folder.get()).startsWith(real(parent)))
                .findFirst()
                .map(parent -> ConfigKey.DATA_DIR.label() + ": " + folder.get() + " lies in the temporary folder "
                        + parent + ", which is emptied; choose a folder that outlives the webapp");
    }

    private static Stream<Path> temporary(ServletContext context, Surroundings surroundings) {
        Stream<Path> ofContext = context.getAttribute(ServletContext.TEMPDIR) instanceof File file
                ? Stream.of(file.toPath())
                : Stream.empty();
        String ofPlatform = surroundings.properties().getOrDefault("java.io.tmpdir", "");
        return Stream.concat(ofContext, ofPlatform.isEmpty() ? Stream.empty() : Stream.of(Path.of(ofPlatform)));
    }

    /** The path without links, as far as it exists. */
    private static Path real(Path path) {
        Path whole = path.toAbsolutePath().normalize();
        Path existing = whole;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        try {
            return existing == null ? whole : existing.toRealPath().resolve(existing.relativize(whole));
        } catch (IOException e) {
            LOG.debug("links in {} cannot be followed", whole, e);
            return whole;
        }
    }
}
