using ILGpuMobileNet.Host.Bulk;

namespace ILGpuMobileNet.Cli.Reports;

/// <summary>What <c>classify --json</c> prints.</summary>
/// <param name="Model">Name or file of the model.</param>
/// <param name="Device">The device used.</param>
/// <param name="Images">One entry for each image, in order.</param>
internal sealed record Classification(string Model, string Device, IReadOnlyList<ClassifiedImage> Images);

/// <summary>What <c>classify --output --json</c> prints.</summary>
/// <param name="Model">Name or file of the model.</param>
/// <param name="Device">The device used.</param>
/// <param name="Output">The file of results.</param>
/// <param name="Shard">Which part of the images it is for.</param>
/// <param name="Images">Results in the file.</param>
/// <param name="Failed">How many of them have an error.</param>
/// <param name="Present">How many were there before.</param>
internal sealed record BulkReport(
    string Model,
    string Device,
    string Output,
    string Shard,
    long Images,
    long Failed,
    long Present
);

/// <summary>What <c>models --json</c> prints for each network.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is.</param>
/// <param name="Width">Default width multiplier.</param>
/// <param name="Resolution">Default height and width of the input.</param>
/// <param name="Classes">Default number of classes; null for a network that ends in a feature map.</param>
/// <param name="Source">Paper and implementation, or where trained weights come from.</param>
internal sealed record ModelEntry(
    string Name,
    string Description,
    double Width,
    IReadOnlyList<int> Resolution,
    int? Classes,
    string Source
);

/// <summary>What <c>devices --json</c> prints for each device.</summary>
/// <param name="Name">How to ask for it.</param>
/// <param name="Description">What it is.</param>
/// <param name="MemoryBytes">The device's own memory, where it is known.</param>
/// <param name="Available">Whether it can be used.</param>
/// <param name="Refusal">Why it cannot, or null.</param>
internal sealed record DeviceEntry(string Name, string Description, long? MemoryBytes, bool Available, string? Refusal);

/// <summary>What <c>run --json</c> prints.</summary>
/// <param name="Model">Name or file of the model.</param>
/// <param name="Device">The device used.</param>
/// <param name="Input">Axes of the input, <c>[N, C, H, W]</c>.</param>
/// <param name="Output">Axes of the first output: <c>[N, C]</c>, or <c>[N, C, H, W]</c> for a feature map.</param>
/// <param name="Outputs">All outputs, which a <c>.npz</c> file has by their names.</param>
/// <param name="File">Where they were written.</param>
/// <param name="Assumptions">What was taken for granted about the weights.</param>
internal sealed record RunReport(
    string Model,
    string Device,
    IReadOnlyList<int> Input,
    IReadOnlyList<int> Output,
    IReadOnlyList<OutputReport> Outputs,
    string File,
    IReadOnlyList<string> Assumptions
);

/// <summary>One output in a <see cref="RunReport"/>.</summary>
/// <param name="Name">Its name in the network's file, else that of its layer.</param>
/// <param name="Axes">Its axes.</param>
internal sealed record OutputReport(string Name, IReadOnlyList<int> Axes);

/// <summary>What <c>convert --json</c> prints.</summary>
/// <param name="Model">Name of the network.</param>
/// <param name="File">What was written.</param>
/// <param name="Dtype">Type of the weights in it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Contract">Name of the weights' contract, or null.</param>
internal sealed record ConversionReport(string Model, string File, string Dtype, long Bytes, string? Contract);

/// <summary>What <c>models --contracts --json</c> prints for each contract.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Architecture">The network.</param>
/// <param name="Width">Width multiplier; null where it is that of every width.</param>
/// <param name="Resolution">Height and width of the input.</param>
/// <param name="Classes">Number of classes, or null.</param>
/// <param name="Pictures">Preprocessing in words.</param>
/// <param name="Numerics">Epsilon, padding, gate and what RE is, as far as the network has them, in words.</param>
/// <param name="Files">Published files that are recognised by their hash.</param>
/// <param name="Source">Where the publisher says so.</param>
internal sealed record ContractEntry(
    string Name,
    string Architecture,
    double? Width,
    IReadOnlyList<int> Resolution,
    int? Classes,
    string Pictures,
    string Numerics,
    IReadOnlyList<string> Files,
    string Source
);

/// <summary>What <c>bench --json</c> prints for each batch size, one object on a line.</summary>
/// <param name="Model">Name or file of the model.</param>
/// <param name="Device">The device used.</param>
/// <param name="Dtype">Type of the numbers.</param>
/// <param name="Batch">Images in a run.</param>
/// <param name="Threads">Threads of the CPU used; null on a GPU.</param>
/// <param name="Launches">Kernel launches of a run on a GPU; null on the CPU.</param>
/// <param name="MedianMs">Median time of a run, in milliseconds.</param>
/// <param name="MinMs">Shortest time of a run, in milliseconds.</param>
/// <param name="ImagesPerSecond">Images per second at the median.</param>
/// <param name="WorkingSetBytes">Physical memory of the whole process.</param>
/// <param name="PlanBytes">Weights, activations and scratch of the session.</param>
internal sealed record Measurement(
    string Model,
    string Device,
    string Dtype,
    int Batch,
    int? Threads,
    int? Launches,
    double MedianMs,
    double MinMs,
    double ImagesPerSecond,
    long WorkingSetBytes,
    long PlanBytes
);
