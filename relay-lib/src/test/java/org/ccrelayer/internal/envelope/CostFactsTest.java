package org.ccrelayer.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a body says about its cost. Bodies are written with single quotes. */
class CostFactsTest {
    private static final String DATA = "A".repeat(1000);
    private static final String SOURCE =
            "'source':{'type':'base64','media_type':'image/png','data':'%s'}".formatted(DATA);
    private static final String IMAGE = "{'type':'image'," + SOURCE + "}";

    private final Bench bench = new Bench();

    private static String body(String members) {
        return ("{'model':'m'," + members + "}").replace('\'', '"');
    }

    private CostFacts with(String members) {
        String body = body(members);
        CostFacts cost = bench.facts(body).cost();
        assertThat(cost.bodyBytes()).isEqualTo(Bench.utf8(body).length);
        return cost;
    }

    private CostFacts block(String block) {
        return with("'messages':[{'role':'user','content':[" + block + "]}]");
    }

    private void assertImages(CostFacts cost, int count, long bytes) {
        assertThat(cost.imageCount()).isEqualTo(count);
        assertThat(cost.imageBytes()).isEqualTo(bytes);
    }

    @Test
    void plainTextIsBytesAndNothingElse() {
        String body = body("'messages':[{'role':'user','content':'h\u00e9 \\u00e9'}]");
        assertThat(bench.facts(body).cost())
                .isEqualTo(new CostFacts(
                        Bench.utf8(body).length, 0, 0, false, false, false, 0, 0, 0, false, false, 0, null));
    }

    @Test
    void anEncodedBodyCountsAsDecoded() throws IOException {
        byte[] body = Bench.bodyOf(50_000);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        }
        assertThat(out.size()).isLessThan(1000);
        Envelope envelope = bench.read(
                        Bench.request().header("Content-Encoding", "gzip").body(out.toByteArray()))
                .envelope();
        assertThat(envelope.facts().cost().bodyBytes()).isEqualTo(50_000);
        envelope.body().release();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'image','source':{'type':'base64','media_type':'image/png','data':'?'}}",
                "{'type':'image','source':{'data':'?','media_type':'image/png','type':'base64'}}",
                "{'source':{'data':'?','type':'base64'},'type':'image'}",
                "{'source':{'type':'base64','data':'?'},'cache_control':{'type':'ephemeral'},'type':'im\\u0061ge'}",
            })
    void theDataOfAnImageAreNoTextInWhateverOrder(String image) {
        String block = image.replace("?", DATA);
        assertImages(block(block), 1, 1000);
        assertImages(block("{'type':'text','text':'x'}," + block + "," + block), 2, 2000);
        assertImages(block("{'type':'tool_result','content':[" + block + "]}"), 1, 1000);
        assertImages(block("{'content':[" + block + "," + block + "],'type':'tool_result'}," + block), 3, 3000);
        assertThat(block(block).unboundedInput()).isFalse();
    }

    @Test
    void dataCountAsTheyAreSpelled() {
        assertImages(block("{'type':'image','source':{'type':'base64','data':'\\u0041\\/'}}"), 1, 8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'messages':[{'role':'assistant','content':[{'type':'tool_use','input':?}]}]",
                "'messages':[{'role':'assistant','content':[{'type':'tool_use','input':{'content':[?]}}]}]",
                "'messages':[{'role':'assistant','content':[{'input':[{'type':'tool_result','content':[?]}],'type':'x'}]}]",
                "'tools':[{'name':'t','input_schema':?}]",
                "'tools':[?]",
                "'metadata':?",
                "'output_config':{'format':{'schema':?}}",
                "'other':[{'content':[?]}]",
            })
    void whatOnlyLooksLikeAnImageIsText(String members) {
        assertImages(with(members.replace("?", IMAGE)), 0, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'system':[?]",
                "'messages':[?]",
                "'messages':{'content':[?]}",
                "'messages':[[?]]",
                "'messages':[{'content':?}]",
                "'messages':[{'other':[?]}]",
                "'messages':[{'content':[[?]]}]",
                "'messages':[{'content':[{'type':'text','content':[?]}]}]",
                "'messages':[{'content':[{'content':[?]}]}]",
                "'messages':[{'content':[{'type':'tool_result','content':?}]}]",
                "'messages':[{'content':[{'type':'tool_result','other':[?]}]}]",
                "'messages':[{'content':[{'type':'tool_result','content':[{'type':'tool_result','content':[?]}]}]}]",
                "'messages':[{'content':[{'type':'document','source':{'type':'content','content':[?]}}]}]",
            })
    void anImageInAnOddPlaceCountsAndItsDataAreText(String members) {
        // A message is no block, wherever it calls itself an image.
        int count = members.equals("'messages':[?]") ? 0 : 1;
        assertImages(with(members.replace("?", IMAGE)), count, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'image','type':'text','source':{'type':'base64','data':'?'}}",
                "{'type':'text','source':{'type':'base64','data':'?'},'type':'image'}",
                "{'type':'image','source':{'type':'base64','data':'?'},'source':{'type':'base64','data':'?'}}",
                "{'type':'image','source':'x','source':{'type':'base64','data':'?'}}",
                "{'type':'image','source':{'type':'base64','data':'?','data':'?'}}",
                "{'type':'image','source':{'type':'base64','data':'?','data':null}}",
                "{'type':'image','source':{'type':'base64','type':'text','data':'?'}}",
                "{'type':'image','source':{'type':'text','data':'?','t\\u0079pe':'base64'}}",
                "{'type':'tool_result','type':'text','content':[{'type':'image','source':{'type':'base64','data':'?'}}]}",
                "{'type':'image','source':{'type':'text','data':'?'}}",
                "{'type':'image','source':{'type':'url','url':'?'}}",
                "{'type':'image','source':{'data':'?'}}",
                "{'type':'image','data':'?'}",
                "{'type':'image','source':{'type':'base64','data':['?']}}",
            })
    void whatCouldBeReadInTwoWaysIsTextAndAnImage(String block) {
        assertImages(block(block.replace("?", DATA)), 1, 0);
    }

    @Test
    void oneImageTakesNothingFromTheNext() {
        String empty = "{'type':'image','source':{'type':'base64','data':null}}";
        assertImages(block(IMAGE + "," + empty), 2, 1000);
        assertImages(block("{'type':'text','content':[" + IMAGE + "]},{'type':'tool_result','content':[]}"), 1, 0);
        assertImages(block("{'type':'tool_result','content':[" + IMAGE + "," + empty + "]}"), 2, 1000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'document','source':{'type':'base64','media_type':'application/pdf','data':'x'}}",
                "{'source':{'data':'x','type':'base64'},'type':'document'}",
                "{'type':'document','source':{'type':'url','url':'x'}}",
                "{'type':'document','source':{'type':'file','file_id':'x'}}",
                "{'type':'document','source':{'type':'new','x':'x'}}",
                "{'type':'document','source':{'data':'x'}}",
                "{'type':'document'}",
                "{'type':'document','source':{'type':'text','type':'base64','data':'x'}}",
                "{'type':'document','source':{'type':'text','data':'x'},'source':{'type':'file'}}",
                "{'type':'document','type':'image','source':{'type':'url'}}",
                "{'type':'image','source':{'type':'url'},'type':'text'}",
                "{'type':'other','source':{'type':'url','url':'x'}}",
                "{'type':'tool_result','content':[{'type':'document','source':{'type':'base64','data':'x'}}]}",
                "{'type':'web_fetch_tool_result','content':{'content':{'type':'document','source':{'type':'base64'}}}}",
                "{'type':'document','source':{'type':'text','data':'x'},'citations':{'enabled':true}}",
                "{'type':'document','citations':{'enabled':'true'},'source':{'type':'text','data':'x'}}",
            })
    void someBlocksAreNotBoundedByTheirBytes(String block) {
        assertThat(block(block).unboundedInput()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'document','source':{'type':'text','media_type':'text/plain','data':'x'}}",
                "{'source':{'content':'x','type':'content'},'type':'document','citations':{'enabled':false}}",
                "{'type':'image','source':{'type':'url','url':'x'}}",
                "{'type':'image','source':{'type':'file','file_id':'x'}}",
                "{'type':'search_result','source':'https://example.com','content':[{'type':'text','text':'x'}]}",
                "{'type':'text','text':'x','citations':[{'type':'char_location','enabled':true}]}",
                "{'type':'tool_use','input':{'type':'document','source':{'type':'url'}}}",
            })
    void otherBlocksAre(String block) {
        assertThat(block(block).unboundedInput()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'thread':{'type':'create'}|true",
                "'thread':null|false",
                "'container':'c'|true",
                "'container':''|true",
                "'container':{'id':'c'}|true",
                "'container':null|false",
                "'metadata':{'thread':1,'container':1}|false",
            })
    void aThreadAndAContainerAreNotBounded(String members, boolean expected) {
        assertThat(with(members).unboundedInput()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'x':1|false|false",
                "'cache_control':null|false|false",
                "'ttl':'1h'|false|false",
                "'cache_control':{'type':'ephemeral'}|true|false",
                "'cache_control':{'ttl':'5m'}|true|false",
                "'cache_control':{'ttl':null}|true|false",
                "'cache_control':{'ttl':'1h','type':'ephemeral'}|true|true",
                "'cache_control':{'ttl':'1h','ttl':'5m'}|true|true",
                "'cache_control':{'ttl':'5m','ttl':'1\\u0068'}|true|true",
                "'cache_control':{'ttl':'1 very long hour'}|true|true",
                "'cache_control':{'ttl':3600}|true|true",
                "'cache_control':'x'|true|false",
                "'cache_control':[{'ttl':'1h'}]|true|false",
                "'tools':[{'cache_control':{'ttl':'1h'}}]|true|true",
                "'messages':[{'content':[{'cache_control':{}},{'cache_control':{'ttl':'1h'}}]}]|true|true",
                "'messages':[{'content':[{'input':{'x':[{'cache_control':{'ttl':'1h'}}]}}]}]|true|true",
                "'mcp_servers':[{'cache_control':{'ttl':'1h'}}]|true|true",
            })
    void cachesAreFoundWhereverTheyStand(String members, boolean cached, boolean oneHour) {
        CostFacts cost = with(members);
        assertThat(cost.cached()).isEqualTo(cached);
        assertThat(cost.oneHour()).isEqualTo(oneHour);
    }

    @Test
    void toolsAreToldApartByWhoRunsThem() {
        CostFacts cost = with("'tools':[{'name':'a'},{'type':null},{'type':'custom'},{'type':'bash_20250124'},"
                + "{'type':'text_editor_1'},{'type':'str_replace_1'},{'type':'computer_1'},{'type':'memory_1'},"
                + "{'type':'web_search_20250305','max_uses':5},{'max_uses':1000000,'type':'unknown'},"
                + "{'type':'bash','max_uses':0}]");
        assertThat(cost.hasTools()).isTrue();
        assertThat(cost.typedClientTools()).isEqualTo(5);
        assertThat(cost.serverTools()).isEqualTo(3);
        assertThat(cost.serverToolUses()).isEqualTo(1_000_005);
        assertThat(cost.unboundedField()).isNull();
        assertThat(with("'tools':[]").hasTools()).isFalse();
    }

    @Test
    void aToolThatIsRepeatedlySomethingIsTheDearerOne() {
        assertThat(with("'tools':[{'type':'web_search_1','max_uses':5,'type':'custom'}]")
                        .serverToolUses())
                .isEqualTo(5);
        assertThat(with("'tools':[{'type':'web_search_1','max_uses':2,'max_uses':7,'max_uses':1}]")
                        .serverToolUses())
                .isEqualTo(7);
        CostFacts both = with("'tools':[{'type':'bash_1','type':'web_search_1','max_uses':5}]");
        assertThat(both.typedClientTools()).isEqualTo(1);
        assertThat(both.serverTools()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'tools':[{},{'type':'web_search_1'}]|tools[1].max_uses",
                "'tools':[7,[],{'type':'web_search_1','max_uses':null}]|tools[2].max_uses",
                "'tools':[{'type':'web_search_1','max_uses':1000001}]|tools[0].max_uses",
                "'tools':[{'type':'web_search_1','max_uses':-1}]|tools[0].max_uses",
                "'tools':[{'type':'web_search_1','max_uses':1.5}]|tools[0].max_uses",
                "'tools':[{'type':'web_search_1','max_uses':1e3}]|tools[0].max_uses",
                "'tools':[{'type':'web_search_1','max_uses':99999999999999999999999}]|tools[0].max_uses",
                "'tools':[{'type':'web_search_1','max_uses':'5'}]|tools[0].max_uses",
                "'tools':[{'type':'web_search_1','max_uses':true}]|tools[0].max_uses",
                "'tools':[{'type':'web_search_1','max_uses':[5]}]|tools[0].max_uses",
                "'tools':[{'type':'web_search_1','max_uses':5,'max_uses':null}]|tools[0].max_uses",
                "'tools':[{'type':'web_search_1','x':{'max_uses':5}}]|tools[0].max_uses",
                "'tools':[{'type':7}]|tools[0].max_uses",
                "'tools':[{'type':{'type':'custom'}}]|tools[0].max_uses",
                "'tools':[{'type':'custom','type':'mcp_toolset'}]|tools[0].max_uses",
                "'tools':[{'type':'advisor_20260301','max_uses':5}]|tools[0].type",
                "'tools':[{'type':'advisor_1'},{'type':'x'}],'mcp_servers':[1]|tools[0].type",
                "'mcp_servers':[{}],'tools':[{'type':'x'}]|mcp_servers",
                "'mcp_servers':{'a':null}|mcp_servers",
                "'mcp_servers':[],'mcp_servers':[null]|mcp_servers",
                "'fallbacks':'default'|fallbacks",
                "'fallbacks':[{'model':'x'}]|fallbacks",
                "'fallbacks':false|fallbacks",
                "'compaction':{'type':'summarize'}|compaction",
                "'compaction':7|compaction",
                "'context_management':{'edits':[{'type':'clear_1'},{'x':1,'type':'compact_20260112'}]}|context_management",
                "'context_management':{'edits':[{'type':'compact_1','type':'clear_1'}]}|context_management",
            })
    void theFirstFieldWithoutABoundIsTold(String members, String field) {
        assertThat(with(members).unboundedField()).isEqualTo(field);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'mcp_servers':[],'fallbacks':null,'compaction':{}",
                "'fallbacks':''",
                "'context_management':{'edits':[{'type':'clear_tool_uses_1','text':'compact'}]}",
                "'context_management':{'type':7}",
                "'metadata':{'mcp_servers':[1],'fallbacks':'default','compaction':{'a':1}}",
                "'tools':[{'input_schema':{'type':'object'},'max_uses':'x'}]",
                "'messages':[{'content':[{'type':'compaction'},{'type':'web_search_1','max_uses':null}]}]",
                "'tools':{'a':{'type':'web_search_1'}}",
            })
    void whatIsBoundedIsNotTold(String members) {
        assertThat(with(members).unboundedField()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'output_format':{'type':'json_schema'}|true",
                "'output_config':{'format':{'type':'json_schema'}}|true",
                "'output_config':{'effort':'high','format':null}|false",
                "'output_config':{'x':{'format':1}}|false",
                "'output_format':null|false",
            })
    void aFormOfTheOutputIsFound(String members, boolean expected) {
        assertThat(with(members).hasOutputFormat()).isEqualTo(expected);
    }

    @Test
    void eachReferenceToAToolCanRepeatTheLongestOne() {
        String tool = "{'name':'a','description':'long'}";
        String reference = "{'type':'tool_reference','tool_name':'a'}";
        CostFacts cost = with("'messages':[{'content':[{'type':'tool_result','content':[" + reference + "," + reference
                + "]}," + reference + "]}],'tools':[{}," + tool + ",{'name':'b'}]");
        assertThat(cost.toolReferenceBytes()).isEqualTo(3L * tool.length());
    }

    @Test
    void nothingOfAllThisRefusesABodyHoweverDeep() {
        String deep = "{'type':'image','source':".repeat(120) + "[".repeat(13) + "]".repeat(13) + "}".repeat(120);
        CostFacts cost = with("'messages':[" + deep + "]");
        assertThat(cost.imageCount()).isPositive();
        assertThat(cost.imageBytes()).isZero();
    }
}
