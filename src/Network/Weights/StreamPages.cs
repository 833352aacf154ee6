namespace ILGpuMobileNet.Network.Weights;

/// <summary>
/// Small pieces of a file, wherever they are. A few pages of it are kept, so that what is read again or beside them costs
/// no call of the system, and a large file no memory. Files are not mapped: one that is cut off meanwhile is an error
/// then, not the end of the process.
/// </summary>
/// <param name="stream">The file.</param>
internal sealed class StreamPages(Stream stream)
{
    private const int PageSize = 1 << 12;
    private const int PageCount = 64;

    private readonly Page[] _pages = new Page[PageCount];

    /// <summary>Copies bytes.</summary>
    /// <param name="position">The first.</param>
    /// <param name="destination">Receives them.</param>
    /// <returns>How many there are: fewer than asked for where the file ends.</returns>
    public int Read(long position, Span<byte> destination)
    {
        if (destination.Length > PageSize)
        {
            return ReadStream(position, destination);
        }
        var count = CopyPage(position, destination);
        // Its rest is on the page behind.
        return count == 0 || count == destination.Length
            ? count
            : count + CopyPage(position + count, destination[count..]);
    }

    private int CopyPage(long position, Span<byte> destination)
    {
        var (number, offset) = Math.DivRem(position, PageSize);
        ref var page = ref _pages[number % PageCount];
        if (page.Bytes is null || page.Number != number)
        {
            var bytes = page.Bytes ?? new byte[PageSize];
            page = new(bytes, number, ReadStream(number * PageSize, bytes));
        }
        var count = Math.Clamp(page.Length - (int)offset, 0, destination.Length);
        page.Bytes.AsSpan((int)offset, count).CopyTo(destination);
        return count;
    }

    private int ReadStream(long position, Span<byte> destination)
    {
        stream.Position = position;
        return stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
    }

    private readonly record struct Page(byte[] Bytes, long Number, int Length);
}
