package dev.fewbit.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fewbit.core.plan.Correction;
import dev.fewbit.core.plan.Correction.BiasShift;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

class ImprovementSearchTest {
    @TempDir Path folder;

    private final List<String> notes = new ArrayList<>();

    /** Shifts the last layer, whose bias goes to the outputs as it is. */
    private static BiasShift shift(float by) {
        return new BiasShift("last", Collections.nCopies(7, by), "test");
    }

    /** Shifts on if what is there is what it waits for. */
    private record Shifting(String title, List<Correction> expected, float by)
            implements Improvement {
        @Override
        public Optional<Candidate> propose(Workbench bench, Candidate current) {
            return current.corrections().equals(expected)
                    ? Optional.of(current.with(List.of(shift(by)), current.statistics()))
                    : Optional.empty();
        }
    }

    private ImprovementSearch.Found search(float startsOffBy, Improvement... improvements)
            throws IOException, InterruptedException {
        Path model = TunedNet.convolutions(folder.resolve("net.onnx"));
        try (TunedNet net = TunedNet.of(model, TunedNet.COARSE)) {
            Candidate start = net.start();
            Candidate shifted = start.with(List.of(shift(startsOffBy)), start.statistics());
            return new ImprovementSearch(net.bench(), 0.8, List.of(improvements), notes)
                    .run(shifted);
        }
    }

    @Test
    void keepsWhatHelps() throws IOException, InterruptedException {
        ImprovementSearch.Found found = search(2, new Shifting("half", List.of(shift(2)), -1.5f));
        assertThat(found.titles()).containsExactly("half");
        assertThat(found.candidate().corrections()).containsExactly(shift(2), shift(-1.5f));
        assertThat(notes).last().isEqualTo("kept: half");
    }

    @Test
    void keepsWhatHelpsOnlyTogetherWithWhatComesLater() throws IOException, InterruptedException {
        ImprovementSearch.Found found =
                search(
                        2,
                        new Shifting("worse", List.of(shift(2)), 0.2f),
                        new Shifting("then", List.of(shift(2), shift(0.2f)), -2.2f));
        assertThat(found.titles()).containsExactly("worse", "then");
    }

    @Test
    void leavesOutWhatDoesHarmInTheEnd() throws IOException, InterruptedException {
        ImprovementSearch.Found found =
                search(
                        2,
                        new Shifting("worse", List.of(shift(2)), 0.2f),
                        new Shifting("good", List.of(shift(2)), -2));
        assertThat(found.titles()).containsExactly("good");
    }

    @Test
    void doesNotFollowWhatIsHopeless() throws IOException, InterruptedException {
        ImprovementSearch.Found found =
                search(
                        0.5f,
                        new Shifting("hopeless", List.of(shift(0.5f)), 5),
                        new Shifting("then", List.of(shift(0.5f), shift(5)), -5.5f));
        assertThat(found.titles()).isEmpty();
    }

    @Test
    void prefersTheSimpleNetworkToOneThatIsHardlyBetter() throws IOException, InterruptedException {
        ImprovementSearch.Found found =
                search(2, new Shifting("little", List.of(shift(2)), -0.05f));
        assertThat(found.titles()).isEmpty();
        assertThat(found.candidate().corrections()).containsExactly(shift(2));
        assertThat(notes).last().asString().contains("simple network is kept");
    }
}
