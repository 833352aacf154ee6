using System.Collections.Immutable;
using ILGpuMobileNet.Host.Features;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Cli.Features;

/// <summary>One array for all pictures, a row each in their order; NaN where a file was no picture.</summary>
internal sealed class FeatureArray : IFeatureFiles
{
    private readonly string _path;
    private readonly ImmutableArray<int> _axes;
    private readonly float[] _values;
    private readonly int _rowLength;
    private int _row;

    /// <summary>Takes the memory of all rows.</summary>
    /// <param name="path">The file.</param>
    /// <param name="imageCount">Pictures.</param>
    /// <param name="axes">Axes of a picture's feature.</param>
    public FeatureArray(string path, int imageCount, ImmutableArray<int> axes)
    {
        (_path, _axes) = (path, [imageCount, .. axes]);
        _rowLength = axes.Aggregate(1, (product, axis) => checked(product * axis));
        _values = new float[checked(imageCount * _rowLength)];
        Array.Fill(_values, float.NaN);
    }

    /// <inheritdoc/>
    public string Summary => $"{_path}: [{string.Join(", ", _axes)}]";

    /// <inheritdoc/>
    public void Add(FeatureResult result)
    {
        if (result.Error is null)
        {
            result.Features[0].Data.CopyTo(_values.AsMemory(_row * _rowLength, _rowLength));
        }
        _row++;
    }

    /// <inheritdoc/>
    public void Finish() => Npy.Write(_path, new Tensor(_axes, _values));
}
