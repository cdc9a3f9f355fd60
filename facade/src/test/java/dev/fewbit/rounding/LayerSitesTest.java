package dev.fewbit.rounding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.fewbit.SmallModels;
import dev.fewbit.core.plan.Grouping;
import dev.fewbit.core.plan.Plan;
import dev.fewbit.core.plan.Rounding;
import dev.fewbit.onnx.graph.Model;
import dev.fewbit.onnx.graph.Value;
import dev.fewbit.onnx.io.OnnxReader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class LayerSitesTest {
    @TempDir Path folder;

    private static Map<String, Integer> stages(LayerSites sites) {
        Map<String, Integer> stages = new LinkedHashMap<>();
        sites.sites().forEach(site -> stages.put(site.label(), site.stage()));
        return stages;
    }

    private static Map<String, String> residuals(LayerSites sites) {
        Map<String, String> residuals = new LinkedHashMap<>();
        for (LayerSite site : sites.sites()) {
            LayerSite.Residual residual = site.residual();
            if (residual != null) {
                residuals.put(site.label(), residual.node() + " " + residual.other());
                assertThat(site.target()).isEqualTo(residual.sum());
            } else {
                assertThat(site.target()).isEqualTo(site.layer().output().name());
            }
        }
        return residuals;
    }

    @Test
    void layersBehindEachOtherAreStages() throws IOException {
        LayerSites sites =
                Sites.of(OnnxReader.read(RoundingNet.convolutions(folder.resolve("net.onnx"))));
        assertThat(stages(sites))
                .containsExactly(
                        entry("stem", 0),
                        entry("first", 1),
                        entry("second", 2),
                        entry("third", 3),
                        entry("fourth", 4),
                        entry("shortcut", 3),
                        entry("depthwise", 5),
                        entry("grouped", 6),
                        entry("last", 7));
        // The shortcut is rounded before the sum is known; the layer beside it makes up for it.
        assertThat(residuals(sites))
                .containsExactly(entry("second", "sum 1"), entry("fourth", "joined 1"));
        assertThat(sites.nearest()).isEmpty();
    }

    @Test
    void productsOfOneInputAreOneStage() throws IOException {
        LayerSites sites =
                Sites.of(OnnxReader.read(RoundingNet.products(folder.resolve("net.onnx"))));
        assertThat(stages(sites))
                .containsExactly(
                        entry("query.product", 0),
                        entry("key.product", 0),
                        entry("value", 0),
                        entry("out.product", 1),
                        entry("up.product", 2),
                        entry("down", 3));
        // Beside "value" there are layers of its own stage.
        assertThat(residuals(sites)).containsExactly(entry("out.product", "sum 1"));
        List<LayerBundle> bundles = LayerBundle.of(sites.sites().subList(0, 3));
        // The one without a bias keeps the means by its weights.
        assertThat(bundles).hasSize(2);
        assertThat(bundles.getFirst().sites())
                .extracting(LayerSite::label)
                .containsExactly("query.product", "key.product");
        assertThat(bundles.getFirst().takesBias()).isTrue();
        assertThat(bundles.getLast().takesBias()).isFalse();
    }

    @Test
    void sumsWithConstantsOrThemselvesOrForOthersAreNotResidual() {
        RoundingNet net = new RoundingNet();
        Value x = net.input("x", 2, 8);
        Value constant = net.product("constant", x, false, 8, 8);
        Value shifted = net.add("shifted", constant, net.constant("matrix", 0, 1, 2, 8));
        Value twice = net.product("twice", x, true, 8, 8);
        Value doubled = net.add("doubled", twice, twice);
        Value shared = net.product("shared", x, true, 8, 8);
        Value sum = net.add("sum", shared, x);
        Value product = net.node("Mul", "squared", shared, shared);
        LayerSites sites = Sites.of(net.deliver(shifted, doubled, sum, product));
        assertThat(stages(sites)).hasSize(3);
        assertThat(residuals(sites)).isEmpty();
    }

    /** What is delivered itself has to be right, not only its sum with something. */
    @Test
    void layersThatAreDeliveredAreNotResidual() {
        RoundingNet net = new RoundingNet();
        Value x = net.input("x", 2, 8);
        Value layer = net.product("layer", x, true, 8, 8);
        Value sum = net.add("sum", x, layer);
        assertThat(residuals(Sites.of(net.deliver(layer, sum)))).isEmpty();
    }

    @Test
    void theOtherInputOfASumIsFoundOnEitherSide() {
        RoundingNet net = new RoundingNet();
        Value x = net.input("x", 2, 8);
        Value left = net.add("left", net.product("one", x, true, 8, 8), x);
        Value right = net.add("right", left, net.product("two", left, true, 8, 8));
        assertThat(residuals(Sites.of(net.deliver(right))))
                .containsExactly(entry("one.product", "left 1"), entry("two.product", "right 0"));
    }

    @ParameterizedTest
    @CsvSource({
        "STACKED_MATMUL, a MatMul is not rounded with regard to data",
        "TRANSPOSED_CONVOLUTION, only convolutions in one or two dimensions are",
        "SHARED, several nodes read it",
        "LEFT_MATMUL, no layer of its own computes with it",
        "TRANSPOSED_MATMUL, no layer of its own computes with it",
        "TABLE, no layer of its own computes with it",
        "RECURRENT, a LSTM is not rounded with regard to data",
        "BRANCHES, no layer of its own computes with it"
    })
    void othersAreRoundedToNearestForAReason(SmallModels kind, String reason) {
        Model model = kind.model(weights -> weights);
        LayerSites sites = Sites.of(model);
        assertThat(sites.sites()).isEmpty();
        assertThat(sites.nearest().values().iterator().next()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({"alpha, its products are scaled", "transA, its inputs are turned over"})
    void whatAGemmDoesToItsInputsIsNotRegarded(String attribute, String reason) {
        RoundingNet net = new RoundingNet();
        Value output =
                net.node(
                        "Gemm",
                        "layer",
                        node -> {
                            if (attribute.equals("alpha")) {
                                node.setAttribute("alpha", 0.5f);
                            } else {
                                node.setAttribute("transA", 1);
                            }
                        },
                        net.input("x", 8, 8),
                        net.weight("layer", 8, 8, 8));
        LayerSites sites = Sites.of(net.deliver(output));
        assertThat(sites.sites()).isEmpty();
        assertThat(sites.nearest()).containsExactly(entry("layer.weight", reason));
    }

    @Test
    void convolutionsInThreeDimensionsAndNodesOfOneNameAreLeftOut() {
        RoundingNet net = new RoundingNet();
        Value volume =
                net.convolution("volume", net.input("v", 1, 2, 4, 4, 4), true, 1, 3, 2, 3, 3, 3);
        Value x = net.input("x", 2, 8);
        Value one = net.product("one", x, false, 8, 8);
        Value two = net.product("two", x, false, 8, 8);
        one.producer().setName("same");
        two.producer().setName("same");
        LayerSites sites = Sites.of(net.deliver(volume, one, two));
        assertThat(sites.sites()).isEmpty();
        assertThat(sites.nearest())
                .containsExactly(
                        entry("volume.weight", "only convolutions in one or two dimensions are"),
                        entry("one.weight", "its node has no name of its own"),
                        entry("two.weight", "its node has no name of its own"));
    }

    @Test
    void onlyWhatThePlanWantsIsLookedFor() {
        RoundingNet net = new RoundingNet();
        Value x = net.input("x", 2, 8);
        Value one = net.relu(net.product("one", x, true, 8, 8));
        Model model = net.deliver(net.product("two", one, true, 8, 8));
        Plan plan = Sites.plan(model, Sites.INT4, Grouping.CHANNEL);
        Plan half =
                new Plan(
                        plan.model(),
                        plan.recipe(),
                        plan.seed(),
                        List.of(
                                plan.weights().getFirst().with(Rounding.HQQ),
                                plan.weights().getLast()),
                        plan.skipped());
        LayerSites sites = LayerSites.of(model, half);
        assertThat(stages(sites)).containsExactly(entry("two.product", 0));
        assertThat(sites.nearest()).isEmpty();
    }
}
