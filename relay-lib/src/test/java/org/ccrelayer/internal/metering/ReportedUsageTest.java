package org.ccrelayer.internal.metering;

import static org.assertj.core.api.Assertions.assertThat;

import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.usage.TokenUsage;
import org.ccrelayer.usage.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportedUsageTest {
    private final ReportedUsage usage = new ReportedUsage();

    private TokenUsage after(String... reports) {
        for (String report : reports) {
            usage.overwrite(JsonObject.parse(report.replace('\'', '"')));
        }
        return usage.usage();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // total, five minutes, one hour -> five minutes, one hour
                "-, -, -, 0, 0",
                "70, -, -, 70, 0",
                "-, 10, 20, 10, 20",
                "30, 10, 20, 10, 20",
                "70, 10, 20, 50, 20",
                "70, -, 20, 50, 20",
                "70, 10, -, 70, 0",
                "5, 10, 20, 10, 20",
                "0, 0, 20, 0, 20",
            })
    void cache_writes_beyond_the_split_are_five_minute_writes(
            String total, String split5m, String split1h, long writes5m, long writes1h) {
        Tokens tokens = after("{'cache_creation_input_tokens':" + total(total)
                        + ",'cache_creation':{'ephemeral_5m_input_tokens':" + total(split5m)
                        + ",'ephemeral_1h_input_tokens':" + total(split1h) + "}}")
                .totals();

        assertThat(tokens).isEqualTo(new Tokens(0, 0, writes5m, writes1h, 0));
    }

    private static String total(String number) {
        return number == null ? "null" : number;
    }

    @Test
    void a_null_split_is_no_split() {
        assertThat(after("{'cache_creation_input_tokens':7,'cache_creation':null}")
                        .totals())
                .isEqualTo(new Tokens(0, 0, 7, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "1.5",
                "10000000001",
                "1e400",
                "1e-400",
                "-1e999999999",
                "1e999999999",
                "'7'",
                "true",
                "[7]",
                "{}",
                "null",
                "1e99999999"
            })
    void a_count_that_makes_no_sense_is_not_reported(String count) {
        assertThat(after("{'input_tokens':7}", "{'input_tokens':" + count + "}")
                        .totals()
                        .input())
                .isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "-0,0", "7.0,7", "7e3,7000", "10000000000,10000000000"})
    void a_count_may_be_written_in_any_way(String spelling, long count) {
        assertThat(after("{'input_tokens':" + spelling + "}").totals().input()).isEqualTo(count);
    }

    @Test
    void fields_of_any_other_kind_are_not_reported() {
        TokenUsage found =
                after("{'cache_creation':5,'server_tool_use':[],'output_tokens_details':'x','service_tier':5,"
                        + "'speed':{},'inference_geo':['us'],'iterations':{},'input_tokens':3}");

        assertThat(found).isEqualTo(TokenUsage.of(new Tokens(3, 0, 0, 0, 0)));
    }

    @Test
    void null_replaces_nothing() {
        String full = "{'input_tokens':1,'output_tokens':2,'cache_read_input_tokens':3,'cache_creation_input_tokens':4,"
                + "'server_tool_use':{'web_search_requests':5,'web_fetch_requests':6},'service_tier':'batch',"
                + "'output_tokens_details':{'thinking_tokens':1},'speed':'fast','inference_geo':'us',"
                + "'iterations':[{'type':'message','input_tokens':1}]}";
        TokenUsage before = after(full);
        String nulls =
                full.replaceAll("\\{'web[^}]*}|\\{'think[^}]*}|\\[.*]", "null").replaceAll(":('\\w+'|\\d)", ":null");

        assertThat(after(nulls)).isEqualTo(before);
    }

    @Test
    void an_iteration_without_a_type_is_a_message_and_what_is_no_object_is_none() {
        TokenUsage found = after("{'iterations':[null,5,{'input_tokens':1},{'type':'compaction','model':null}]}");

        assertThat(found.iterations()).hasSize(2);
        assertThat(found.iterations().get(0).type()).isEqualTo("message");
        assertThat(found.iterations().get(0).tokens().input()).isEqualTo(1);
        assertThat(found.iterations().get(1).model()).isNull();
    }

    @Test
    void an_endless_list_of_iterations_is_not_reported() {
        String most = "{}" + ",{}".repeat(ReportedUsage.MAX_ITERATIONS - 1);

        assertThat(after("{'iterations':[" + most + "]}").iterations()).hasSize(ReportedUsage.MAX_ITERATIONS);
        assertThat(new ReportedUsageTest()
                        .after("{'iterations':[" + most + ",{}]}")
                        .iterations())
                .isEmpty();
    }
}
