namespace ILGpuMobileNet.Host.Images;

/// <summary>The bytes of an image file with what messages and checks need.</summary>
/// <param name="Bytes">The whole file.</param>
/// <param name="Name">What messages call it.</param>
/// <param name="PixelLimit">Largest number of pixels accepted.</param>
internal sealed record ImageSource(ReadOnlyMemory<byte> Bytes, string Name, int PixelLimit)
{
    private const string Damaged = "The file is damaged: fetch or save it again.";

    /// <summary>The exception for a fault in this file.</summary>
    public ImageFormatException Fault(string fault, string remedy = Damaged, Exception? cause = null) =>
        new(Name, fault, remedy, cause);

    /// <summary>The exception for a file that ends too early.</summary>
    /// <param name="missing">What should have followed.</param>
    public ImageFormatException Truncated(string missing) =>
        Fault($"The file is truncated: it ends after {Bytes.Length} bytes, inside {missing}.");

    /// <summary>Checks the size that a header declares before memory is taken for it.</summary>
    /// <exception cref="ImageFormatException">A side is 0, or there are more pixels than the limit.</exception>
    public void CheckSize(long width, long height)
    {
        if (width < 1 || height < 1)
        {
            throw Fault($"The header declares {width}x{height} pixels, both sides must be at least 1.");
        }
        if (width > PixelLimit || height > PixelLimit || width * height > PixelLimit)
        {
            throw Fault(
                $"The header declares {width}x{height} pixels, at most {PixelLimit} are accepted.",
                "Save the image in a smaller size, or raise the limit of pixels."
            );
        }
    }

    /// <summary>Checks that the file is long enough for what its header declares, before memory is taken.</summary>
    /// <param name="needed">Fewest bytes that the declared pixels can take in this format.</param>
    /// <param name="available">Bytes there are.</param>
    /// <exception cref="ImageFormatException">There are fewer.</exception>
    public void CheckCapacity(long needed, long available)
    {
        if (available < needed)
        {
            throw Fault(
                $"The file is truncated: the declared pixels take at least {needed} bytes, there are {available}."
            );
        }
    }
}
