using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host.Bulk;

/// <summary>
/// Reads the records of a text file one by one: lines or, where quotes may hide line ends, those of CSV. Memory is
/// bounded by the longest record allowed.
/// </summary>
/// <param name="stream">The file.</param>
/// <param name="isQuoted">Whether line ends between quotes belong to a record.</param>
/// <param name="maximalLength">Bytes of the longest record.</param>
internal sealed class RecordReader(Stream stream, bool isQuoted, int maximalLength)
{
    private readonly byte[] _stops = isQuoted ? [(byte)'\n', 0, (byte)'"'] : [(byte)'\n', 0];
    private byte[] _buffer = new byte[64 << 10];
    private int _start; // of what is not given out yet
    private int _end; // of what is read
    private int _next; // of what follows the record

    /// <summary>The record, without its line end; valid until the next is asked for.</summary>
    public ReadOnlyMemory<byte> Record { get; private set; }

    /// <summary>Records given out so far.</summary>
    public long Count { get; private set; }

    /// <summary>Where the last record that was given out ends in the file.</summary>
    public long EndOffset { get; private set; }

    /// <summary>Whether it stopped at a byte of zero, which no text holds: a power cut may leave blocks of them.</summary>
    public bool IsAtZero { get; private set; }

    /// <summary>Whether it stopped at a record beyond all bounds.</summary>
    public bool IsAtLongRecord { get; private set; }

    /// <summary>What follows the last whole record, once there is no other.</summary>
    public ReadOnlyMemory<byte> Rest => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Goes on to the next record that is whole, line end included.</summary>
    /// <param name="cancellationToken">Stops waiting, also for a stream that cannot be stopped itself.</param>
    /// <returns>False where there is none.</returns>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        _start = _next;
        var (scanned, isInQuotes) = (_start, false);
        while (true)
        {
            switch (Scan(ref scanned, ref isInQuotes))
            {
                case (byte)'\n':
                    Give(scanned);
                    return true;
                case 0:
                    IsAtZero = true;
                    return false;
            }
            IsAtLongRecord = scanned - _start > maximalLength;
            scanned -= MakeRoom();
            if (IsAtLongRecord || !await FillAsync(cancellationToken))
            {
                return false;
            }
        }
    }

    /// <summary>The byte that ends the scan: a line end outside of quotes or a zero; null where more must be read.</summary>
    private byte? Scan(ref int scanned, ref bool isInQuotes)
    {
        while (_buffer.AsSpan(scanned, _end - scanned).IndexOfAny(_stops) is >= 0 and var found)
        {
            scanned += found + 1;
            var stop = _buffer[scanned - 1];
            isInQuotes ^= stop == (byte)'"';
            if (stop == 0 || stop == (byte)'\n' && !isInQuotes)
            {
                return stop;
            }
        }
        scanned = _end;
        return null;
    }

    private void Give(int next)
    {
        Record = _buffer.AsMemory(_start, next - _start - 1);
        EndOffset += next - _start;
        _next = next;
        Count++;
    }

    /// <summary>Moves what is not given out to the front; returns by how much.</summary>
    private int MakeRoom()
    {
        var (moved, length) = (_start, _end - _start);
        var target = length > _buffer.Length / 2 ? new byte[2 * _buffer.Length] : _buffer;
        _buffer.AsSpan(_start, length).CopyTo(target);
        (_buffer, _start, _end, _next) = (target, 0, length, 0);
        return moved;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        var count = await ModelFile.ReadTextAsync(stream, _buffer.AsMemory(_end), cancellationToken);
        _end += count;
        return count > 0;
    }
}
