package dev.fewbit.core.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fewbit.core.format.Granularity;
import dev.fewbit.core.format.Granularity.PerBlock;
import dev.fewbit.core.format.Granularity.PerChannel;
import dev.fewbit.core.format.Granularity.PerTensor;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

class GroupGeometryTest {

    private static GroupGeometry of(Granularity granularity, long... shape) {
        return GroupGeometry.of(shape, granularity);
    }

    @Test
    void geometriesOfTheUsualWeights() {
        assertThat(of(new PerTensor(), 4, 5, 6)).isEqualTo(new GroupGeometry(1, 120, 1, 120));
        assertThat(of(new PerTensor())).isEqualTo(new GroupGeometry(1, 1, 1, 1));
        assertThat(of(new PerChannel(0), 64, 3, 7, 7))
                .isEqualTo(new GroupGeometry(64, 147, 1, 147));
        assertThat(of(new PerChannel(1), 768, 3072))
                .isEqualTo(new GroupGeometry(1, 768, 3072, 768));
        assertThat(of(new PerChannel(2), 2, 768, 3072))
                .isEqualTo(new GroupGeometry(1, 1536, 3072, 1536));
        assertThat(of(new PerChannel(1), 1, 8, 3)).isEqualTo(new GroupGeometry(8, 3, 1, 3));
        assertThat(of(new PerChannel(1), 9, 8, 1)).isEqualTo(new GroupGeometry(1, 9, 8, 9));
        assertThat(of(new PerBlock(0, 32), 768, 3072))
                .isEqualTo(new GroupGeometry(1, 768, 3072, 32));
        assertThat(of(new PerBlock(1, 32), 30522, 384))
                .isEqualTo(new GroupGeometry(30522, 384, 1, 32));
        assertThat(of(new PerBlock(1, 16), 8, 100, 3)).isEqualTo(new GroupGeometry(8, 100, 3, 16));
    }

    @Test
    void everyElementHasTheGroupThatItsIndicesSay() {
        Random random = new Random(9);
        for (int round = 0; round < 300; round++) {
            int rank = 1 + random.nextInt(4);
            long[] shape = random.longs(rank, 1, 7).toArray();
            int axis = random.nextInt(rank);
            int size = 1 + random.nextInt(5);
            PerBlock granularity = new PerBlock(axis, size);
            GroupGeometry geometry = GroupGeometry.of(shape, granularity);
            long[] groups = GroupGeometry.parameterShape(shape, granularity);
            assertThat(geometry.groupCount())
                    .isEqualTo(Arrays.stream(groups).reduce(1, (a, b) -> a * b));
            for (long element = 0; element < geometry.elementCount(); element++) {
                long[] indices = indices(element, shape);
                indices[axis] /= size;
                assertThat(geometry.groupOf(element)).isEqualTo(element(indices, groups));
            }
        }
    }

    @Test
    void channelsAreTheIndicesOfTheirAxis() {
        for (long[] shape : new long[][] {{5, 2, 3}, {1, 5, 3}, {6, 5, 1}, {6, 5}}) {
            for (int axis = 0; axis < shape.length; axis++) {
                if (shape[axis] != 5) {
                    continue;
                }
                GroupGeometry geometry = GroupGeometry.of(shape, new PerChannel(axis));
                assertThat(geometry.groupCount()).isEqualTo(5);
                for (long element = 0; element < geometry.elementCount(); element++) {
                    assertThat(geometry.groupOf(element)).isEqualTo(indices(element, shape)[axis]);
                }
            }
        }
    }

    private static long[] indices(long element, long[] shape) {
        long[] indices = new long[shape.length];
        long rest = element;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            indices[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return indices;
    }

    private static long element(long[] indices, long[] shape) {
        long element = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            element = element * shape[axis] + indices[axis];
        }
        return element;
    }

    @Test
    void emptyTensorsHaveNoGroups() {
        assertThat(of(new PerTensor(), 0).groupCount()).isZero();
        assertThat(of(new PerBlock(0, 4), 0, 7).groupCount()).isZero();
        assertThat(of(new PerBlock(1, 4), 0, Long.MAX_VALUE, 5).elementCount()).isZero();
    }

    @Test
    void parametersHaveTheShapesOfOnnx() {
        long[] shape = {10, 7};
        assertThat(GroupGeometry.parameterShape(shape, new PerTensor())).isEmpty();
        assertThat(GroupGeometry.parameterShape(shape, new PerChannel(1))).containsExactly(7);
        assertThat(GroupGeometry.parameterShape(shape, new PerBlock(0, 4))).containsExactly(3, 7);
    }

    @Test
    void impossibleGroupsAreRefused() {
        assertThatThrownBy(() -> of(new PerChannel(1), 2, 3, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("axis 1 of [2, 3, 4]")
                .hasMessageContaining("possible are");
        assertThatThrownBy(() -> of(new PerChannel(2), 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("channel 2 needs axis 2");
        assertThatThrownBy(() -> of(new PerTensor(), 2, -3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-3");
        assertThatThrownBy(() -> of(new PerTensor(), Long.MAX_VALUE, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more elements");
        assertThatThrownBy(() -> new GroupGeometry(1, 1, 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Walking through the groups meets every element once, in its group. */
    @Test
    void groupsAreMadeOfTheirElements() {
        for (GroupGeometry geometry :
                List.of(
                        new GroupGeometry(3, 10, 1, 4),
                        new GroupGeometry(2, 7, 5, 3),
                        new GroupGeometry(1, 6, 4, 6),
                        new GroupGeometry(1, 4, 1, 9))) {
            int[] seen = new int[(int) geometry.elementCount()];
            for (long group = 0; group < geometry.groupCount(); group++) {
                for (int i = 0; i < geometry.sizeOf(group); i++) {
                    long element = geometry.firstOf(group) + i * geometry.inner();
                    assertThat(geometry.groupOf(element)).isEqualTo(group);
                    seen[(int) element]++;
                }
            }
            assertThat(seen).containsOnly(1);
        }
    }
}
