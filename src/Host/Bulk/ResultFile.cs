using System.Buffers;
using ILGpuMobileNet.Network.Weights;

namespace ILGpuMobileNet.Host.Bulk;

/// <summary>A file of results that grows by whole records and is never written over.</summary>
internal sealed class ResultFile : IDisposable
{
    /// <summary>Longest record that is read back, in bytes.</summary>
    private const int MaximalRecordLength = 64 << 20;

    /// <summary>Bytes after which records are written at the latest.</summary>
    private const int MaximalPending = 64 << 10;

    private readonly string _path;
    private readonly ResultFormat _format;
    private readonly FileStream _stream;
    private readonly ArrayBufferWriter<byte> _pending = new();

    /// <summary>Opens the file, or makes it; others may read it meanwhile.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">How results stand in it.</param>
    public ResultFile(string path, ResultFormat format)
    {
        (_path, _format) = (path, format);
        _stream = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
    }

    /// <summary>Bytes in it.</summary>
    public long Length => _stream.Length;

    /// <summary>
    /// Reads the results that are there and cuts off what a process that was killed, or a power cut, left after them: a
    /// record without its end, or blocks of zeros with whatever follows. Then the file is ready to grow.
    /// </summary>
    /// <param name="found">Takes each result.</param>
    /// <param name="cancellationToken">Stops the reading; nothing is cut then.</param>
    /// <returns>Bytes cut off.</returns>
    /// <exception cref="ModelFormatException">A whole record is none of a result: the file was changed.</exception>
    public async Task<long> RecoverAsync(Action<WrittenResult> found, CancellationToken cancellationToken)
    {
        _stream.Position = 0;
        var reader = new RecordReader(_stream, _format.IsQuoted, MaximalRecordLength);
        var hasHeader = _format.Header.Length == 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (hasHeader)
            {
                found(_format.Read(reader.Record.Span) ?? throw Damage(reader.Count));
            }
            else if (!reader.Record.Span.SequenceEqual(_format.Header))
            {
                throw Damage(reader.Count);
            }
            hasHeader = true;
        }
        return reader.IsAtLongRecord ? throw Damage(reader.Count + 1) : CutAt(reader.EndOffset);
    }

    /// <summary>Adds a result; it is in the file after <see cref="Flush"/>.</summary>
    /// <param name="result">The result.</param>
    public void Add(ClassificationResult result)
    {
        Append(_format.Write(result));
        if (_pending.WrittenCount >= MaximalPending)
        {
            Flush();
        }
    }

    /// <summary>Hands what was added to the system; it outlives the process then.</summary>
    public void Flush()
    {
        if (_pending.WrittenCount == 0)
        {
            return;
        }
        try
        {
            _stream.Write(_pending.WrittenSpan);
        }
        finally
        {
            _pending.ResetWrittenCount(); // after a failure nothing may follow the part that was written
        }
    }

    /// <summary>Waits until what was flushed outlives a power cut too.</summary>
    public void FlushToDisk() => _stream.Flush(flushToDisk: true);

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();

    private long CutAt(long end)
    {
        var cut = _stream.Length - end;
        if (cut > 0)
        {
            _stream.SetLength(end);
        }
        _stream.Position = end;
        if (end == 0 && _format.Header.Length > 0)
        {
            Append(_format.Header);
        }
        return cut;
    }

    private void Append(ReadOnlySpan<byte> record)
    {
        _pending.Write(record);
        _pending.Write("\n"u8);
    }

    private ModelFormatException Damage(long record) =>
        new(
            _path,
            $"Record {record} is no result of this job: the file was changed or damaged.",
            "Remove that record and what follows it to have those images done again, or name another output."
        );
}
