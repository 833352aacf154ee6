namespace ILGpuMobileNet.WebApi;

/// <summary>Reads an uploaded picture.</summary>
internal static class Upload
{
    private const string Form = "multipart/form-data";

    /// <summary>The first file of a form, or the body itself; the server ends what is too long.</summary>
    /// <exception cref="BadHttpRequestException">There is no file, or it is too long.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // curl --data-binary says of any body that it is application/x-www-form-urlencoded.
        if (
            request.GetTypedHeaders().ContentType is not { } type
            || !type.MediaType.Equals(Form, StringComparison.OrdinalIgnoreCase)
        )
        {
            return await BytesAsync(request.Body, cancellationToken);
        }
        var form = await FormAsync(request, cancellationToken);
        var file = form.Files.Count > 0 ? form.Files[0] : throw new BadHttpRequestException("The form has no file.");
        await using var stream = file.OpenReadStream();
        return await BytesAsync(stream, cancellationToken);
    }

    private static async Task<IFormCollection> FormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await request.ReadFormAsync(cancellationToken);
        }
        // A form that ends too early is an IOException, as is the server's own word about a body that is too long.
        catch (Exception fault) when (fault is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new BadHttpRequestException($"The form cannot be read: {fault.Message}", fault);
        }
    }

    private static async Task<byte[]> BytesAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }
}
