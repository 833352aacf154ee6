namespace ILGpuMobileNet.Host;

/// <summary>How it is known which contract weights have.</summary>
public enum ContractEvidence
{
    /// <summary>No contract is known for them.</summary>
    None,

    /// <summary>The ecosystem's usual one is taken, because nothing tells the weights from others in the same form.</summary>
    Assumed,

    /// <summary>The path has the published name of the weights in it.</summary>
    Path,

    /// <summary>The user named it.</summary>
    Chosen,

    /// <summary>The file says so itself.</summary>
    Metadata,

    /// <summary>The content has the published hash.</summary>
    Hash,
}
