using ILGpuMobileNet.Cli.Options;
using ILGpuMobileNet.Host;
using ILGpuMobileNet.Host.Comparison;
using ILGpuMobileNet.Host.Images;
using ILGpuMobileNet.Kernels;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Cli;

/// <summary>The images that the networks of a comparison read.</summary>
internal abstract record ComparedImages
{
    /// <summary>Height and width of the images, where they have any of their own.</summary>
    public virtual Extent? Size => null;

    /// <summary>The images for a network.</summary>
    /// <param name="loaded">The network.</param>
    /// <returns>Axes <c>[N, H, W, C]</c>.</returns>
    public abstract float[] For(LoadedModel loaded);

    /// <summary>The images in a file that a user named: normalised in an array, or a picture.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    public static ComparedImages Open(string file, CancellationToken cancellationToken) =>
        file.EndsWith(".npy", StringComparison.OrdinalIgnoreCase)
            ? new Array(ImageArray.Read(file, cancellationToken))
            : new Picture(ImageFile.Load(file));

    /// <summary>The images that a recording was made with; null for two recordings, which need none.</summary>
    /// <param name="a">The first side.</param>
    /// <param name="b">The second side.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <exception cref="ModelFormatException">The recording does not hold them.</exception>
    public static ComparedImages? Recorded(ComparedSide a, ComparedSide b, CancellationToken cancellationToken)
    {
        if (a.IsRecording && b.IsRecording)
        {
            return null;
        }
        using var file = NpzFile.Open((a.IsRecording ? a : b).Model.Model, cancellationToken);
        return file.Names.Contains(ActivationSet.InputName)
            ? new Array(ImageArray.Recorded(file.Path, file.Read(ActivationSet.InputName, cancellationToken)))
            : throw new ModelFormatException(
                file.Path,
                $"it has no array '{ActivationSet.InputName}' with the images that it was recorded for.",
                "Name them with --input x.npy, or save them with it."
            );
    }

    private sealed record Array(ImageArray Images) : ComparedImages
    {
        public override Extent? Size => Images.Size;

        public override float[] For(LoadedModel loaded)
        {
            Images.CheckFits(loaded.Model.Graph.Input);
            return Images.ChannelsLast(0, Images.Count);
        }
    }

    private sealed record Picture(RgbImage Image) : ComparedImages
    {
        public override float[] For(LoadedModel loaded)
        {
            var input = loaded.Model.Graph.Input;
            var pixels = new float[input.ElementCount];
            new Preprocessor(loaded.Preprocessing, input).Run(Image, pixels);
            return pixels;
        }
    }

    /// <summary>Noise from a formula, between -1 and 1.</summary>
    /// <param name="Count">Images.</param>
    /// <param name="Seed">Seed.</param>
    public sealed record Noise(int Count, ulong Seed) : ComparedImages
    {
        /// <inheritdoc/>
        public override float[] For(LoadedModel loaded)
        {
            var input = loaded.Model.Graph.Input;
            var (planar, images) = (new float[Count * input.ElementCount], new float[Count * input.ElementCount]);
            WeightFormula.Fill("input", Seed, planar, scale: 2, offset: -1); // channels first, as eng/goldens has it
            ChannelLayout.ToChannelsLast(planar, input, images);
            return images;
        }
    }
}
