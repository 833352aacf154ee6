using ILGPU;
using ILGPU.Runtime;

namespace ILGpuMobileNet.Emulator.Tests.Portable;

/// <summary>Kernels that are right.</summary>
public class KernelTests
{
    private const int Tile = 8;

    [Fact]
    public void Adds_numbers()
    {
        using var device = new Device();
        using var a = device.Accelerator.Allocate1D(Numbers(1000));
        using var b = device.Accelerator.Allocate1D(Numbers(1000));
        using var sum = device.Accelerator.Allocate1D<float>(1000);
        var kernel = device.Accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>>(
            AddKernel
        );
        kernel((8, 128), a.View, b.View, sum.View);
        device.Accelerator.Synchronize();
        Assert.Equal(Numbers(1000).Select(x => x + x), sum.GetAsArray1D());
    }

    [Fact]
    public void Multiplies_matrices_tile_by_tile()
    {
        const int size = 3 * Tile;
        using var device = new Device();
        var left = Numbers(size * size);
        var right = Numbers(size * size).Reverse().ToArray();
        using var a = device.Accelerator.Allocate1D(left);
        using var b = device.Accelerator.Allocate1D(right);
        using var c = device.Accelerator.Allocate1D<float>(size * size);
        var kernel = device.Accelerator.LoadKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>, int>(
            MatrixKernel
        );
        kernel(
            device.Accelerator.DefaultStream,
            new KernelConfig(new Index2D(3, 3), new Index2D(Tile, Tile)),
            a.View,
            b.View,
            c.View,
            size
        );
        device.Accelerator.Synchronize();
        var product = c.GetAsArray1D();
        for (var at = 0; at < product.Length; at++)
        {
            var expected = Enumerable.Range(0, size).Sum(k => left[at / size * size + k] * right[k * size + at % size]);
            Assert.Equal(expected, product[at]);
        }
    }

    [Theory]
    [InlineData(256)]
    [InlineData(64)]
    public void Reduces_a_group(int groupSize)
    {
        using var device = new Device();
        using var input = device.Accelerator.Allocate1D(Numbers(2 * groupSize));
        using var output = device.Accelerator.Allocate1D<float>(2);
        var kernel = device.Accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>>(SumKernel);
        kernel((2, groupSize), input.View, output.View);
        device.Accelerator.Synchronize();
        float[] expected = [Numbers(groupSize).Sum(), Numbers(2 * groupSize).Skip(groupSize).Sum()];
        Assert.Equal(expected, output.GetAsArray1D());
    }

    [Fact]
    public void Scans_with_shuffles()
    {
        using var device = new Device();
        using var input = device.Accelerator.Allocate1D(Numbers(64));
        using var output = device.Accelerator.Allocate1D<float>(64);
        var kernel = device.Accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>>(ScanKernel);
        kernel((1, 64), input.View, output.View);
        device.Accelerator.Synchronize();
        var sum = 0f;
        Assert.Equal(Numbers(64).Select(x => sum += x), output.GetAsArray1D());
    }

    [Fact]
    public void Counts_with_atomics()
    {
        using var device = new Device();
        using var counts = device.Accelerator.Allocate1D<int>(7);
        counts.MemSetToZero();
        var kernel = device.Accelerator.LoadStreamKernel<ArrayView<int>, int>(HistogramKernel);
        kernel((4, 64), counts.View, 250);
        device.Accelerator.Synchronize();
        Assert.Equal(
            Enumerable.Range(0, 7).Select(bin => Enumerable.Range(0, 250).Count(x => x % 7 == bin)),
            counts.GetAsArray1D()
        );
    }

    [Fact]
    public void Knows_its_place_in_three_dimensions()
    {
        using var device = new Device();
        using var output = device.Accelerator.Allocate1D<int>(2 * 3 * 4 * 2 * 2 * 2);
        var kernel = device.Accelerator.LoadStreamKernel<ArrayView<int>>(PlaceKernel);
        kernel((new Index3D(2, 3, 4), new Index3D(2, 2, 2)), output.View);
        device.Accelerator.Synchronize();
        Assert.Equal(Enumerable.Range(0, 192), output.GetAsArray1D());
    }

    [Fact]
    public void Divides_an_extent_into_groups_itself()
    {
        using var device = new Device();
        using var output = device.Accelerator.Allocate1D<int>(5 * 7);
        var kernel = device.Accelerator.LoadAutoGroupedStreamKernel<Index2D, ArrayView<int>, int>(ImplicitKernel);
        kernel(new Index2D(5, 7), output.View, 5);
        device.Accelerator.Synchronize();
        Assert.Equal(Enumerable.Range(0, 35), output.GetAsArray1D());
    }

    [Fact]
    public void Has_shared_memory_of_a_size_chosen_at_launch()
    {
        using var device = new Device();
        using var output = device.Accelerator.Allocate1D<int>(64);
        var kernel = device.Accelerator.LoadStreamKernel<ArrayView<int>>(ReverseKernel);
        kernel(new KernelConfig(1, 64, SharedMemoryConfig.RequestDynamic<int>(64)), output.View);
        device.Accelerator.Synchronize();
        Assert.Equal(Enumerable.Range(0, 64).Reverse(), output.GetAsArray1D());
    }

    [Fact]
    public void Agrees_in_a_group()
    {
        using var device = new Device();
        using var output = device.Accelerator.Allocate1D<int>(4 * 64);
        var kernel = device.Accelerator.LoadStreamKernel<ArrayView<int>>(AgreeKernel);
        kernel((1, 64), output.View);
        device.Accelerator.Synchronize();
        var result = output.GetAsArray1D();
        Assert.All(result[..64], count => Assert.Equal(32, count));
        Assert.All(result[64..128], all => Assert.Equal(1, all));
        Assert.All(result[128..192], any => Assert.Equal(0, any));
        Assert.All(result[192..], value => Assert.Equal(9, value));
    }

    [Fact]
    public void Loads_four_floats_at_once()
    {
        using var device = new Device();
        using var input = device.Accelerator.Allocate1D(Numbers(64));
        using var output = device.Accelerator.Allocate1D<Quad>(16);
        var kernel = device.Accelerator.LoadStreamKernel<ArrayView<Quad>, ArrayView<Quad>>(QuadKernel);
        kernel((1, 16), input.View.BaseView.Cast<Quad>(), output.View);
        device.Accelerator.Synchronize();
        Assert.Equal(Numbers(64).Select(x => 3 * x), output.View.BaseView.Cast<float>().GetAsArray());
    }

    [Fact]
    public void Waits_in_functions_that_it_calls()
    {
        using var device = new Device();
        using var output = device.Accelerator.Allocate1D<float>(2 * 64);
        var kernel = device.Accelerator.LoadStreamKernel<ArrayView<float>, Scale>(NestedKernel);
        kernel((2, 64), output.View, new Scale { Factor = 2 });
        device.Accelerator.Synchronize();
        var expected = Enumerable.Range(0, 64).Sum(x => 2f * x);
        Assert.All(output.GetAsArray1D(), sum => Assert.Equal(3 * expected, sum));
    }

    private static void AddKernel(ArrayView<float> a, ArrayView<float> b, ArrayView<float> sum)
    {
        var i = Grid.GlobalIndex.X;
        if (i < sum.IntLength)
        {
            sum[i] = a[i] + b[i];
        }
    }

    private static void MatrixKernel(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, int size)
    {
        var left = SharedMemory.Allocate<float>(Tile * Tile);
        var right = SharedMemory.Allocate<float>(Tile * Tile);
        var x = Grid.IdxX * Tile + Group.IdxX;
        var y = Grid.IdxY * Tile + Group.IdxY;
        var at = Group.IdxY * Tile + Group.IdxX;
        var sum = 0f;
        for (var first = 0; first < size; first += Tile)
        {
            left[at] = a[y * size + first + Group.IdxX];
            right[at] = b[(first + Group.IdxY) * size + x];
            Group.Barrier();
            for (var k = 0; k < Tile; k++)
            {
                sum += left[Group.IdxY * Tile + k] * right[k * Tile + Group.IdxX];
            }

            Group.Barrier();
        }

        c[y * size + x] = sum;
    }

    private static void SumKernel(ArrayView<float> input, ArrayView<float> output)
    {
        var shared = SharedMemory.Allocate<float>(256);
        shared[Group.IdxX] = input[Grid.GlobalIndex.X];
        Group.Barrier();
        for (var half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (Group.IdxX < half)
            {
                shared[Group.IdxX] = shared[Group.IdxX] + shared[Group.IdxX + half];
            }

            Group.Barrier();
        }

        if (Group.IsFirstThread)
        {
            output[Grid.IdxX] = shared[0];
        }
    }

    private static void ScanKernel(ArrayView<float> input, ArrayView<float> output)
    {
        var totals = SharedMemory.Allocate<float>(2);
        var sum = input[Group.IdxX];
        for (var distance = 1; distance < Warp.WarpSize; distance *= 2)
        {
            var other = Warp.ShuffleUp(sum, distance);
            if (Warp.LaneIdx >= distance)
            {
                sum += other;
            }
        }

        if (Warp.IsLastLane)
        {
            totals[Warp.WarpIdx] = sum;
        }

        Group.Barrier();
        output[Group.IdxX] = Warp.WarpIdx == 0 ? sum : sum + totals[0];
    }

    private static void HistogramKernel(ArrayView<int> counts, int length)
    {
        var bins = SharedMemory.Allocate<int>(7);
        if (Group.IdxX < 7)
        {
            bins[Group.IdxX] = 0;
        }

        Group.Barrier();
        var i = Grid.GlobalIndex.X;
        if (i < length)
        {
            Atomic.Add(ref bins[new Index1D(i % 7)], 1);
        }

        Group.Barrier();
        if (Group.IdxX < 7)
        {
            Atomic.Add(ref counts[new Index1D(Group.IdxX)], bins[Group.IdxX]);
        }
    }

    private static void PlaceKernel(ArrayView<int> output)
    {
        var group = (Grid.IdxZ * Grid.DimY + Grid.IdxY) * Grid.DimX + Grid.IdxX;
        var thread = (Group.IdxZ * Group.DimY + Group.IdxY) * Group.DimX + Group.IdxX;
        output[group * 8 + thread] = group * 8 + Group.LinearIndex;
    }

    private static void ImplicitKernel(Index2D index, ArrayView<int> output, int width)
    {
        var at = index.Y * width + index.X;
        output[at] = at;
    }

    private static void ReverseKernel(ArrayView<int> output)
    {
        var shared = SharedMemory.GetDynamic<int>();
        shared[Group.IdxX] = Group.IdxX;
        Group.Barrier();
        output[Group.IdxX] = shared[Group.DimX - 1 - Group.IdxX];
    }

    private static void AgreeKernel(ArrayView<int> output)
    {
        var thread = Group.IdxX;
        output[thread] = Group.BarrierPopCount(thread % 2 == 0);
        output[64 + thread] = Group.BarrierAnd(thread < 64) ? 1 : 0;
        output[128 + thread] = Group.BarrierOr(thread < 0) ? 1 : 0;
        output[192 + thread] = Group.Broadcast(thread, 9);
    }

    private static void QuadKernel(ArrayView<Quad> input, ArrayView<Quad> output)
    {
        var i = Group.IdxX;
        var value = input[i];
        output[i] = value + value * 2f;
    }

    private static void NestedKernel(ArrayView<float> output, Scale scale)
    {
        var shared = SharedMemory.Allocate<float>(64);
        var sum = 0f;
        for (var time = 0; time < 3; time++)
        {
            var part = SumOf(shared, scale.Factor * Group.IdxX);
            sum += part;
        }

        output[Grid.GlobalIndex.X] = sum;
    }

    private static float SumOf(ArrayView<float> shared, float value)
    {
        shared[Group.IdxX] = value;
        Group.Barrier();
        var sum = 0f;
        for (var thread = 0; thread < Group.DimX; thread++)
        {
            sum += shared[thread];
        }

        Group.Barrier();
        return sum;
    }

    private static float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(x => (float)(x % 13))];

    internal struct Scale
    {
        public float Factor;
    }
}
