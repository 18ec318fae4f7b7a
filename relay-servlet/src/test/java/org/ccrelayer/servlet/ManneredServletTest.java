package org.ccrelayer.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.ccrelayer.testkit.Manners;
import org.junit.jupiter.api.Test;

class ManneredServletTest {
    @Test
    void the_adapter_leaves_its_host_s_jvm_as_it_is() throws IOException {
        assertThat(Manners.violations(Path.of("target/classes"))).isEmpty();
    }
}
