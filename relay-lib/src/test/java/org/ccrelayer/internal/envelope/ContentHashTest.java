package org.ccrelayer.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By what a request without a session of its own is told. Bodies are written with single quotes. */
class ContentHashTest {
    private static final String EPHEMERAL = "'cache_control':{'type':'ephemeral'}";

    private final Bench bench = new Bench();

    private static byte[] body(String members) {
        return Bench.utf8(("{'model':'m'," + members + "}").replace('\'', '"'));
    }

    private String hash(String members) {
        return facts(body(members)).contentHash();
    }

    private RequestFacts facts(byte[]... pieces) {
        Envelope envelope = bench.read(Bench.request().body(pieces)).envelope();
        envelope.body().release();
        return envelope.facts();
    }

    private static String of(String text) {
        return ParsedContent.hash(text);
    }

    private static String part(String text) {
        return "{'type':'text','text':'" + text + "'}";
    }

    private static String ephemeral(String text) {
        return "{'type':'text','text':'" + text + "'," + EPHEMERAL + "}";
    }

    private static String message(String... parts) {
        return "{'role':'user','content':[" + String.join(",", parts) + "]}";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'system':[{'text':'A'},{'text':'B','text':'C'}] | AC
            'system':[{'text':'A','cache_control':{'type':'ephemeral'},'cache_control':{}},{'text':'B'}] | AB
            'system':[{'text':'A','cache_control':{'type':'ephemeral','type':'x'}},{'text':'B'}] | AB
            'system':[{'text':'A','cache_control':[{'type':'ephemeral'}]},{'text':'B'}] | AB
            'system':[{'text':'A','x':{'cache_control':{'type':'ephemeral'},'text':'no'}},{'text':'B'}] | AB
            'system':[{'text':'A','text':7},{'text':'B'},'C',['D'],7,null] | B
            'system':{'text':'A'},'messages':[{'content':'f'}] | f
            'system':'','messages':[{'content':'f'}] | f
            'system':'A','messages':'f' | A
            'messages':[{'content':'f','content':'g'}] | g
            'messages':[{'content':'f','content':[{'text':'g','type':'text'}]}] | g
            'messages':[{'content':[{'text':'g','type':'text'}],'content':'f'}] | f
            'messages':[{'content':[{'text':'no','type':'image'},{'text':'g','type':'text'}]}] | g
            'messages':[{'content':[{'type':'image','text':'g','type':'text'}]}] | g
            'messages':[{'content':[{'type':'text','text':'f','type':'image'},{'text':'g','type':'text'}]}] | g
            'messages':[{'content':[{'type':'tool_result','content':[{'type':'text','text':'no'}]},{'text':'g','type':'text'}]}] | g
            'messages':[{'content':'f','x':{'content':'no'},'y':[{'content':'no'}]}],'content':'no','text':'no' | f
            'messages':[{'content':'f'},{'content':[{'cache_control':{'type':'ephemeral'}}]}],'system':'A' | f
            'messages':[{'content':'f'},{'content':'g','cache_control':{'type':'ephemeral'}}],'system':'A' | f
            'messages':[{'content':'f'},{'cache_control':{'type':'ephemeral'},'content':'g'}],'system':'A' | f
            'messages':[{'content':'f'},{'content':[],'cache_control':{'type':'ephemeral'}}],'system':'A' | A
            'messages':['x',{'content':[{'type':'text','text':'f','cache_control':{'type':'ephemeral'}}]}] | f
            'messages':[{'content':[{'cache_control':{'type':'ephemeral'}}],'content':[]},{'content':'f'}],'system':'A' | A
            'messages':[{'content':'\\ud83d\\ude00 \\ud800x'}] | 😀 \ufffdx
            """)
    void theRightTextIsHashed(String members, String text) {
        assertThat(hash(members)).isEqualTo(of(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'messages':[]
            'messages':['x',{'content':'f'}]
            'messages':[{'content':''},{'content':'f'}]
            'messages':[{'content':{'type':'text','text':'f'}}]
            'messages':{'content':'f'},'system':7
            'messages':[[{'content':'f'}]]
            'messages':[{'content':[[{'type':'text','text':'f'}]]}],'system':[[{'text':'A'}]]
            """)
    void withoutATextInItsPlaceThereIsNone(String members) {
        assertThat(hash(members)).isNull();
    }

    @Test
    void theOrderOfMembersMakesNoDifference() {
        List<String> system = List.of("'text':'S'", "'type':'text'", EPHEMERAL);
        List<String> part = List.of("'type':'text'", "'text':'first'", "'x':{'text':'no'}");
        List<String> last = List.of("'type':'text'", "'text':'last'", EPHEMERAL);
        Random random = new Random(1);
        for (int round = 0; round < 500; round++) {
            String message =
                    "{" + shuffled(random, "'role':'user'", "'content':[" + "{" + shuffled(random, part) + "}]")
                            + "},{'content':[{" + shuffled(random, last) + "}]}";
            String members = shuffled(
                    random,
                    "'system':[{'text':'plain'},{" + shuffled(random, system) + "}]",
                    "'messages':[" + message + "]",
                    "'stream':true");
            assertThat(hash(members)).as(members).isEqualTo(of("Sfirst"));
        }
    }

    private static String shuffled(Random random, String... members) {
        return shuffled(random, List.of(members));
    }

    private static String shuffled(Random random, List<String> members) {
        List<String> shuffled = new ArrayList<>(members);
        Collections.shuffle(shuffled, random);
        return String.join(",", shuffled);
    }

    @Test
    void aBodyThatIsCutAnywhereSaysTheSame() {
        byte[] body = body(
                "'messages':[" + message(part("h\u00e9 \ud83d\ude80\\ud83d\\ude00\\n"), "{'type':'image','text':'no'}")
                        + "," + message(ephemeral("x")) + "],'system':[" + ephemeral("S") + "]");
        String expected = of("Sh\u00e9 \ud83d\ude80\ud83d\ude00\n");
        for (int cut = 0; cut <= body.length; cut++) {
            RequestFacts facts = facts(Arrays.copyOf(body, cut), Arrays.copyOfRange(body, cut, body.length));
            assertThat(facts.contentHash()).as("cut at %d", cut).isEqualTo(expected);
        }
        assertThat(facts(Bench.pieces(body, 1)).contentHash()).isEqualTo(expected);
    }

    @Test
    void anEncodedBodySaysTheSame() throws IOException {
        byte[] body = body("'system':[" + ephemeral("S".repeat(9000)) + "]");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        }
        Envelope envelope = bench.read(
                        Bench.request().header("Content-Encoding", "gzip").body(out.toByteArray()))
                .envelope();
        envelope.body().release();
        assertThat(envelope.facts().contentHash()).isEqualTo(of("S".repeat(9000)));
    }

    @Test
    void longTextsAreHashedWhole() {
        for (int length : new int[] {1023, 2048, 4095, 4096, 4097, 16_383, 16_384, 16_385, 40_000}) {
            String text = "é".repeat(length / 2) + "x".repeat(length % 2);
            String parts = part("a") + "," + part(text) + "," + part("b");
            assertThat(hash("'system':[" + parts + "]")).isEqualTo(of("a" + text + "b"));
            assertThat(hash("'system':'" + text + "'")).isEqualTo(of(text));
            assertThat(hash("'messages':[" + message(parts) + "]")).isEqualTo(of("a" + text + "b"));
            assertThat(hash("'system':[" + part(text) + "," + ephemeral("e" + text) + "]"))
                    .isEqualTo(of("e" + text));
            String first =
                    message("{'text':'" + text + "','type':'image'}", part("a"), "{'text':'" + text + "'}", part("b"));
            assertThat(hash("'messages':[" + first + "]")).isEqualTo(of("ab"));
            assertThat(hash("'system':[" + ephemeral(text) + "],'messages':[" + message(part(text), ephemeral("c"))
                            + "]"))
                    .isEqualTo(of(text + text + "c"));
        }
    }

    @Test
    void aMessageBeforeTheSystemIsHashedBehindItAsFarAsItIsKept() {
        String system = ",'system':[" + ephemeral("S") + "]";
        String kept = "x".repeat(ContentHash.MESSAGE_BYTES);
        assertThat(hash("'messages':[" + message(ephemeral(kept)) + "]" + system))
                .isEqualTo(of("S" + kept));
        assertThat(hash("'messages':[" + message("{'text':'" + kept + kept + "','type':'x'}", ephemeral(kept)) + "]"
                        + system))
                .isEqualTo(of("S" + kept));
        assertThat(hash("'messages':[" + message(ephemeral(kept + "y")) + "]" + system))
                .as("longer than what is kept")
                .isEqualTo(of("S" + of(kept + "y")));
        assertThat(hash("'messages':[" + message(ephemeral(kept + "y")) + "],'system':'S'"))
                .as("nothing of the system counts")
                .isEqualTo(of(kept + "y"));
        assertThat(hash("'messages':[" + message(part(kept + "y")) + "]" + system))
                .as("nothing of the messages counts")
                .isEqualTo(of("S"));
    }

    @Test
    void aHashedTextCanBeTakenBackWhereverItIs() {
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            HashedText text = new HashedText(HashedText.MAX_PIECE_BYTES + random.nextInt(3000));
            HashedText head = new HashedText(HashedText.MAX_PIECE_BYTES);
            StringBuilder expected = new StringBuilder();
            append(head, "head".repeat(random.nextInt(1000)), expected);
            head.keep();
            text.follow(head);
            for (int part = random.nextInt(8); part > 0; part--) {
                StringBuilder taken = new StringBuilder();
                append(text, ("" + part).repeat(random.nextInt(9000)), taken);
                if (random.nextBoolean()) {
                    text.keep();
                    expected.append(taken);
                } else {
                    text.takeBack();
                }
            }
            assertThat(text.hash()).isEqualTo(of(expected.toString()));
            assertThat(head.isEmpty()).isEqualTo(!expected.toString().startsWith("head"));
        }
    }

    private static void append(HashedText text, String value, StringBuilder all) {
        for (byte[] piece : Bench.pieces(Bench.utf8(value), 1024)) {
            text.append(piece, piece.length);
        }
        all.append(value);
    }
}
