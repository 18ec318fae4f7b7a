package org.ccrelayer.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import org.ccrelayer.testkit.JavaSources;
import org.junit.jupiter.api.Test;

/** Counts, so that size is not a matter of taste: lines of methods and files, parameters, names, static state. */
class SizeTest {
    private static final int METHOD_LINES = 50;
    private static final int FILE_LINES = 500;
    private static final int PARAMETERS = 5;
    private static final Pattern BANNED_NAME =
            Pattern.compile(".*(Manager|Helper|Util|Utils|Service|Processor|Impl|Data|Info)");

    private static final Pattern CLOCK =
            Pattern.compile("(Instant|LocalDate|LocalDateTime|ZonedDateTime|Clock)\\.(now|system\\w*)"
                    + "|System\\.(currentTimeMillis|nanoTime)");

    @Test
    void methods_files_and_names_keep_their_bounds() throws IOException {
        List<String> found = new ArrayList<>();
        List<Path> sources = sources();
        for (Path source : sources) {
            if (Files.readAllLines(source).size() > FILE_LINES) {
                found.add(source + " is longer than " + FILE_LINES + " lines");
            }
        }
        JavaSources.parse(sources, (unit, positions) -> new Inspection(unit, positions, found).scan(unit, null));
        assertThat(found).isEmpty();
    }

    private static List<Path> sources() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String module : List.of("relay-lib", "relay-servlet", "relay-standalone-jetty")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(all::add);
            }
        }
        assertThat(all).hasSizeGreaterThan(20);
        return all;
    }

    private static final class Inspection extends TreePathScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> found;

        Inspection(CompilationUnitTree unit, SourcePositions positions, List<String> found) {
            this.unit = unit;
            this.positions = positions;
            this.found = found;
        }

        @Override
        public Void visitClass(ClassTree type, Void unused) {
            String name = type.getSimpleName().toString();
            if (BANNED_NAME.matcher(name).matches()) {
                found.add(where(type) + " has a name that says nothing: " + name);
            }
            for (Tree member : type.getMembers()) {
                if (member instanceof VariableTree field && isMutableStatic(type, field)) {
                    found.add(where(field) + " is mutable static state: " + field.getName());
                }
            }
            return super.visitClass(type, unused);
        }

        /** Time is handed in (the root takes it from the system), so that tests can move it. */
        @Override
        public Void visitMemberSelect(MemberSelectTree select, Void unused) {
            boolean library = unit.getSourceFile().getName().contains("relay-lib");
            boolean root = unit.getPackageName().toString().equals("org.ccrelayer");
            if (library && !root && CLOCK.matcher(select.toString()).matches()) {
                found.add(where(select) + " asks the system for the time: " + select);
            }
            return super.visitMemberSelect(select, unused);
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            if (line(positions.getEndPosition(unit, method)) - line(positions.getStartPosition(unit, method))
                    >= METHOD_LINES) {
                found.add(where(method) + " is longer than " + METHOD_LINES + " lines: " + method.getName());
            }
            boolean constructor = method.getReturnType() == null;
            if (!constructor && method.getParameters().size() > PARAMETERS) {
                found.add(where(method) + " takes more than " + PARAMETERS + " parameters: " + method.getName());
            }
            return super.visitMethod(method, unused);
        }

        private static boolean isMutableStatic(ClassTree type, VariableTree field) {
            return type.getKind() != Tree.Kind.INTERFACE
                    && type.getKind() != Tree.Kind.ENUM
                    && field.getModifiers().getFlags().contains(Modifier.STATIC)
                    && !field.getModifiers().getFlags().contains(Modifier.FINAL);
        }

        private String where(Tree tree) {
            return unit.getSourceFile().getName() + ":" + line(positions.getStartPosition(unit, tree));
        }

        private long line(long position) {
            LineMap lines = unit.getLineMap();
            return lines.getLineNumber(position);
        }
    }
}
