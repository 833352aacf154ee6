using System.Runtime.CompilerServices;

namespace ILGpuMobileNet.Kernels.Simd;

/// <summary>
/// <c>act(y) + residual</c> in place, on a tile whose sums were just written. It stands apart from the sums so that
/// their loop, which is unrolled for every tile, is not compiled again for every activation.
/// </summary>
/// <param name="isIdentity">Whether it does nothing where there is no residual.</param>
internal abstract unsafe class Epilogue(bool isIdentity)
{
    /// <summary>The version for a vector width and an activation.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="activation">The activation.</param>
    public static Epilogue Create(SimdWidth width, Activation activation) =>
        (Epilogue)Simd.Specialise<Factory>(width, activation, default);

    /// <summary>Computes the rows of a tile.</summary>
    /// <param name="output">Where the tile was written.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns, a multiple of the vector width.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(in TileOutput output, int rows, int columns)
    {
        if (!isIdentity || output.Residual != null)
        {
            RunRows(output, rows, columns);
        }
    }

    /// <summary>Adds a residual to what was written.</summary>
    /// <param name="y">The written.</param>
    /// <param name="residual">The residual.</param>
    /// <param name="count">Their elements, a multiple of the vector width.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddResidual<TVector, TLanes>(float* y, float* residual, nint count)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        for (nint c = 0; c < count; c += TLanes.Count)
        {
            TLanes.Store(TLanes.Add(TLanes.Load(y + c), TLanes.Load(residual + c)), y + c);
        }
    }

    /// <summary>Reads and writes every row of a tile, even where that changes nothing.</summary>
    protected abstract void RunRows(in TileOutput output, int rows, int columns);

    private readonly struct Factory : ISimdFactory
    {
        public object Create<TVector, TLanes, TActivation>(TActivation activation)
            where TVector : struct
            where TLanes : struct, ILanes<TVector>
            where TActivation : struct, IVectorActivation => new Epilogue<TVector, TLanes, TActivation>(activation);
    }
}

/// <inheritdoc/>
internal sealed unsafe class Epilogue<TVector, TLanes, TActivation>(TActivation activation)
    : Epilogue(typeof(TActivation) == typeof(Identity))
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
    where TActivation : struct, IVectorActivation
{
    /// <inheritdoc/>
    [MethodImpl(HotLoop.Compilation)]
    protected override void RunRows(in TileOutput output, int rows, int columns)
    {
        var y = output.Y;
        var residual = output.Residual;
        var stride = output.Stride;
        for (nint row = 0; row < rows; row++, y += stride)
        {
            for (nint c = 0; c < columns; c += TLanes.Count)
            {
                TLanes.Store(activation.Apply<TVector, TLanes>(TLanes.Load(y + c)), y + c);
            }
            if (residual != null)
            {
                AddResidual<TVector, TLanes>(y, residual + row * stride, columns);
            }
        }
    }
}
