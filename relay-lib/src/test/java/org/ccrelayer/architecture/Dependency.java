package org.ccrelayer.architecture;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;

/** One class using another, as jdeps reads it from the class files. */
record Dependency(String from, String to) {
    private static final Pattern LINE = Pattern.compile("^ +(\\S+) +-> (\\S+) .*$");

    static List<Dependency> in(Path... classes) {
        ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
        StringWriter out = new StringWriter();
        String[] arguments = new String[classes.length + 4];
        arguments[0] = "-verbose:class";
        arguments[1] = "-filter:none";
        arguments[2] = "--multi-release";
        arguments[3] = "base";
        for (int i = 0; i < classes.length; i++) {
            arguments[i + 4] = classes[i].toString();
        }
        int status = jdeps.run(new PrintWriter(out), new PrintWriter(out), arguments);
        if (status != 0) {
            throw new IllegalStateException("jdeps failed: " + out);
        }
        return out.toString()
                .lines()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .map(line -> new Dependency(line.group(1), line.group(2)))
                .toList();
    }

    String fromPackage() {
        return packageOf(from);
    }

    String toPackage() {
        return packageOf(to);
    }

    private static String packageOf(String type) {
        int dot = type.lastIndexOf('.');
        return dot < 0 ? "" : type.substring(0, dot);
    }

    @Override
    public String toString() {
        return from + " -> " + to;
    }
}
