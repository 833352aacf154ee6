using ILGPU;

namespace ILGpuMobileNet.Kernels.Gpu;

/// <summary>What the kernel of <see cref="Pool"/> computes.</summary>
/// <param name="convolution">Shapes.</param>
/// <param name="threadCount">Threads with work.</param>
internal readonly struct PoolShape(ConvolutionShape convolution, int threadCount)
{
    public readonly ConvolutionShape Convolution = convolution;
    public readonly int ThreadCount = threadCount;
}

/// <summary>A <see cref="PoolKind"/> as a type.</summary>
internal interface IPoolKind
{
    /// <summary>The result of no element.</summary>
    static abstract float Start { get; }

    /// <summary>The result with one element more.</summary>
    static abstract float Add(float result, float value);

    /// <summary>By what the result is divided.</summary>
    /// <param name="count">Elements seen.</param>
    /// <param name="tapCount">Taps of the window.</param>
    static abstract int Divisor(int count, int tapCount);
}

internal readonly struct MaxPool : IPoolKind
{
    public static float Start => float.NegativeInfinity;

    public static float Add(float result, float value) => result < value || float.IsNaN(value) ? value : result;

    public static int Divisor(int count, int tapCount) => 1;
}

internal readonly struct AveragePool : IPoolKind
{
    public static float Start => 0;

    public static float Add(float result, float value) => result + value;

    public static int Divisor(int count, int tapCount) => IntrinsicMath.Max(count, 1);
}

internal readonly struct AverageIncludingPaddingPool : IPoolKind
{
    public static float Start => 0;

    public static float Add(float result, float value) => result + value;

    public static int Divisor(int count, int tapCount) => tapCount;
}

/// <summary>A thread reduces four channels of a pixel; neighbouring threads have neighbouring channels.</summary>
internal static class PoolKernel
{
    /// <summary>One thread for each output pixel and four channels.</summary>
    public static void QuadKernel<TKind>(ArrayView<Float4> input, ArrayView<Float4> output, PoolShape shape)
        where TKind : struct, IPoolKind
    {
        var thread = Grid.IdxX * Group.DimX + Group.IdxX;
        if (thread < shape.ThreadCount)
        {
            var (quads, width) = (shape.Convolution.OutputQuads, shape.Convolution.OutputWidth);
            var (pixel, quad) = (thread / quads, thread % quads);
            output[thread] = Reduce<TKind>(input, shape.Convolution, new(pixel / width, pixel % width, quad));
        }
    }

    /// <summary>An output: its row <c>[N, H]</c>, column and channels.</summary>
    private readonly struct Position(int line, int x, int quad)
    {
        public readonly int Line = line;
        public readonly int X = x;
        public readonly int Quad = quad;
    }

    private static Float4 Reduce<TKind>(ArrayView<Float4> input, ConvolutionShape shape, Position at)
        where TKind : struct, IPoolKind
    {
        var (n, y) = (at.Line / shape.OutputHeight, at.Line % shape.OutputHeight);
        var (result, count) = (Float4.Same(TKind.Start), 0);
        for (var ky = 0; ky < shape.KernelHeight; ky++)
        {
            var row = shape.Row(y, ky);
            for (var kx = 0; kx < shape.KernelWidth; kx++)
            {
                var column = shape.Column(at.X, kx);
                if (shape.HasRow(row) && shape.HasColumn(column))
                {
                    var pixel = (n * shape.InputHeight + row) * shape.InputWidth + column;
                    result = Add<TKind>(result, input[pixel * shape.OutputQuads + at.Quad]);
                    count++;
                }
            }
        }
        return result * (1f / TKind.Divisor(count, shape.KernelHeight * shape.KernelWidth));
    }

    private static Float4 Add<TKind>(Float4 result, Float4 value)
        where TKind : struct, IPoolKind =>
        new(
            TKind.Add(result.X, value.X),
            TKind.Add(result.Y, value.Y),
            TKind.Add(result.Z, value.Z),
            TKind.Add(result.W, value.W)
        );
}
