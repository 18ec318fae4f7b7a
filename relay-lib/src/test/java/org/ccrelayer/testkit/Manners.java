package org.ccrelayer.testkit;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a library leaves alone in a JVM that it shares with others. Reads the constant pools of class files, so that it sees
 * what is called and not what is meant. Stateless.
 */
public final class Manners {
    private static final int CLASS_MAGIC = 0xCAFEBABE;

    /** By the name of the rule: which classes and members, in the form {@code java.lang.System.exit}, break it. */
    private static final Map<String, Pattern> FORBIDDEN = new TreeMap<>(Map.of(
            "no-security-providers",
            Pattern.compile("java\\.security\\.Security\\.(addProvider|insertProviderAt|removeProvider|setProperty)"),
            "no-shutdown-hooks",
            Pattern.compile("java\\.lang\\.(Runtime\\.(addShutdownHook|exit|halt)|System\\.exit)"),
            "no-system-properties",
            Pattern.compile("java\\.lang\\.System\\.(setProperty|setProperties|clearProperty)"),
            "no-standard-streams",
            Pattern.compile("java\\.lang\\.System\\.(in|out|err|setIn|setOut|setErr)|.*\\.printStackTrace"),
            "no-defaults-of-the-jvm",
            Pattern.compile("java\\.lang\\.Thread\\.setDefaultUncaughtExceptionHandler"
                    + "|java\\.util\\.(Locale|TimeZone)\\.setDefault"
                    + "|java\\.net\\.(ProxySelector|Authenticator|CookieHandler|ResponseCache)\\.setDefault"
                    + "|java\\.net\\.(URL|\\w*URLConnection|\\w*Socket)\\.set(\\w+Factory|FileNameMap|FollowRedirects|Default\\w+)"
                    + "|javax\\.net\\.ssl\\.(SSLContext|HttpsURLConnection)\\.setDefault\\w*"),
            "no-logging-but-slf4j",
            Pattern.compile("java\\.util\\.logging\\..*|java\\.lang\\.System\\.getLogger|ch\\.qos\\.logback\\..*"
                    + "|org\\.apache\\.(logging|log4j|commons\\.logging)\\..*"),
            "no-jdbc",
            Pattern.compile("javax?\\.sql\\..*")));

    private Manners() {}

    /** The names of all rules. */
    public static Set<String> rules() {
        return FORBIDDEN.keySet();
    }

    /** What the classes below that folder break, as {@code rule: class -> member}; fails where there are none. */
    public static List<String> violations(Path classes) throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(".class")).toList();
            if (found.isEmpty()) {
                throw new IOException("there are no classes in " + classes);
            }
            List<String> broken = new ArrayList<>();
            for (Path file : found) {
                String name = classes.relativize(file).toString().replaceAll("\\.class$", "");
                for (String used : references(Files.readAllBytes(file))) {
                    FORBIDDEN.forEach((rule, members) -> {
                        if (members.matcher(used).matches()) {
                            broken.add(rule + ": " + name.replace('/', '.') + " -> " + used);
                        }
                    });
                }
            }
            return broken;
        }
    }

    /** Every class and member that a class file names. */
    private static Set<String> references(byte[] classFile) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile))) {
            if (in.readInt() != CLASS_MAGIC) {
                throw new IOException("not a class file");
            }
            in.readInt();
            return new Pool(in).references();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A constant pool (Java virtual machine specification, section 4.4). */
    private static final class Pool {
        private final String[] texts;
        private final int[][] pairs;
        private final List<Integer> classes = new ArrayList<>();
        private final List<Integer> members = new ArrayList<>();

        Pool(DataInputStream in) throws IOException {
            int size = in.readUnsignedShort();
            texts = new String[size];
            pairs = new int[size][2];
            for (int index = 1; index < size; index++) {
                index += read(in, index);
            }
        }

        /** Reads an entry; says how many more places than its own it takes. */
        private int read(DataInputStream in, int index) throws IOException {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> texts[index] = in.readUTF();
                case 3, 4 -> in.readInt();
                case 5, 6 -> {
                    in.readLong();
                    return 1;
                }
                case 7 -> {
                    pairs[index][0] = in.readUnsignedShort();
                    classes.add(index);
                }
                case 8, 16, 19, 20 -> in.readUnsignedShort();
                case 9, 10, 11 -> {
                    readPair(in, index);
                    members.add(index);
                }
                case 12, 17, 18 -> readPair(in, index);
                case 15 -> {
                    in.readUnsignedByte();
                    in.readUnsignedShort();
                }
                default -> throw new IOException("a constant of the unknown kind " + tag);
            }
            return 0;
        }

        private void readPair(DataInputStream in, int index) throws IOException {
            pairs[index][0] = in.readUnsignedShort();
            pairs[index][1] = in.readUnsignedShort();
        }

        Set<String> references() {
            Set<String> names = new TreeSet<>();
            classes.forEach(index -> names.add(className(index)));
            members.forEach(index -> names.add(className(pairs[index][0]) + "." + texts[pairs[pairs[index][1]][0]]));
            return names;
        }

        private String className(int index) {
            return texts[pairs[index][0]].replace('/', '.');
        }
    }
}
