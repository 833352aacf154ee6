using System.Collections.Immutable;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Cli;

/// <summary>Normalised images from an array file, axes <c>[N, C, H, W]</c>.</summary>
/// <param name="File">The file; stands in every error.</param>
/// <param name="Values">Its array.</param>
internal sealed record ImageArray(string File, Tensor Values)
{
    private const int MaximalChannels = 4; // of a picture

    /// <summary>Images.</summary>
    public int Count => Values.Shape[0];

    /// <summary>Shape of an image.</summary>
    public FeatureShape Shape => new(Values.Shape[2], Values.Shape[3], Values.Shape[1]);

    /// <summary>Height and width of the images.</summary>
    public Extent Size => new(Shape.Height, Shape.Width);

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">It is no array of images, or its channels come last.</exception>
    public static ImageArray Read(string file, CancellationToken cancellationToken)
    {
        var values = Npy.Read(file, cancellationToken);
        CheckAxes(file, values);
        return new(file, values);
    }

    /// <summary>Images that a recording of activations holds, whose channels may come last.</summary>
    /// <param name="file">The recording.</param>
    /// <param name="values">The images.</param>
    /// <exception cref="ModelFormatException">It is no array of images.</exception>
    public static ImageArray Recorded(string file, Tensor values)
    {
        if (values.Shape is not [var count, var height, var width, var channels] || !AreLast(values.Shape))
        {
            CheckAxes(file, values);
            return new(file, values);
        }
        var planar = new float[values.Data.Length];
        ChannelLayout.ToChannelsFirst(values.Data.Span, new(height, width, channels), planar);
        return new(file, new Tensor([count, channels, height, width], planar));
    }

    /// <summary>Refuses images that a network does not read.</summary>
    /// <param name="expected">What it reads.</param>
    /// <exception cref="ModelFormatException">They have another shape.</exception>
    public void CheckFits(FeatureShape expected)
    {
        if (Shape != expected)
        {
            throw new ModelFormatException(
                File,
                $"Its images are {Shape} (HxWxC), but the network reads {expected}.",
                "Resize them, or name another --resolution."
            );
        }
    }

    /// <summary>Some of the images as sessions read them.</summary>
    /// <param name="first">The first.</param>
    /// <param name="count">How many.</param>
    /// <returns>Axes <c>[N, H, W, C]</c>.</returns>
    public float[] ChannelsLast(int first, int count)
    {
        var size = checked((int)Shape.ElementCount);
        var images = new float[checked(count * size)];
        ChannelLayout.ToChannelsLast(Values.Data.Span.Slice(first * size, images.Length), Shape, images);
        return images;
    }

    private static void CheckAxes(string file, Tensor input)
    {
        if (input.Shape.Length != 4)
        {
            throw new ModelFormatException(
                file,
                $"Its axes are [{string.Join(", ", input.Shape)}], expected N,C,H,W.",
                "Save normalised images with numpy.save, channels before rows."
            );
        }
        if (AreLast(input.Shape))
        {
            throw new ModelFormatException(
                file,
                $"Its axes are [{string.Join(", ", input.Shape)}]: the channels come last, expected N,C,H,W.",
                "Save x.transpose(0, 3, 1, 2)."
            );
        }
    }

    private static bool AreLast(ImmutableArray<int> axes) => axes[1] > MaximalChannels && axes[3] <= MaximalChannels;
}
